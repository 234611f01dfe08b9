//! What the load balancer of `ops/` says where no server can say it.

use protocol::http::{Problem, ProblemCode};

const CONFIGURATION: &str = include_str!("../../../ops/haproxy.cfg");

#[test]
fn it_refuses_in_the_words_of_the_service() {
    let lines = CONFIGURATION.lines();
    let refusals = lines.filter_map(|line| line.trim().strip_prefix("http-error status "));
    let mut statuses = Vec::new();
    for refusal in refusals {
        let (status, rest) = refusal.split_once(' ').unwrap();
        let body = rest.split('\'').nth(1).unwrap();
        let problem: Problem = serde_json::from_str(body).unwrap();
        assert_eq!(problem.code, ProblemCode::Unavailable);
        assert_eq!(problem.title, ProblemCode::Unavailable.title());
        assert_eq!(problem.detail, ProblemCode::Unavailable.detail());
        assert_eq!(problem.status.to_string(), status);
        statuses.push(problem.status);
    }
    assert_eq!(statuses, [502, 503, 504]);
}
