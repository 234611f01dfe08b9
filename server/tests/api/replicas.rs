//! Searches that a replica answers. Without `SHIKAKU_TEST_REPLICA`, a streaming replica of
//! `SHIKAKU_TEST_DATABASE`, there is nothing to test.

use std::time::Duration;

use protocol::http::SearchOutcome;
use server::store::Location;

use crate::database::replica;
use crate::desk::PERSONS;
use crate::harness::{Client, Service};
use crate::searches::taro;

/// So old may be everything here.
const EVER: Duration = Duration::from_hours(1);

fn at<'a>(service: &'a Service, client: &Client<'_>) -> Client<'a> {
    let mut moved = service.stranger();
    moved.cookie.clone_from(&client.cookie);
    moved
}

async fn finds(client: &Client<'_>) -> bool {
    !matches!(client.found(&taro()).await, SearchOutcome::NotFound)
}

async fn until(client: &Client<'_>, found: bool) {
    while finds(client).await != found {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn searched(service: &Service) -> usize {
    let sql = "SELECT count(*) FROM audit WHERE action = 'searched'";
    service.query(sql)[0].parse().unwrap()
}

/// The one test that holds the replica up: others would be held up, too.
#[tokio::test(flavor = "multi_thread")]
async fn a_replica_finds_what_it_has_and_the_primary_what_it_has_not() {
    let service = Service::opened().await;
    let Some(replica) = replica(&service.database) else {
        return;
    };
    let staff = service.log_in("staff").await;
    let location = [replica.location()];
    let patient = service.reading_from(&location, EVER);
    // Nothing is that new.
    let strict = service.reading_from(&location, Duration::ZERO);
    let [by_replica, by_primary] = [&patient, &strict].map(|service| at(service, &staff));
    replica.ready().await;
    replica.hold();
    service.import(PERSONS);
    assert!(finds(&by_primary).await);
    until(&by_replica, false).await;
    let before = searched(&service);
    for _ in 0..3 {
        assert!(!finds(&by_replica).await, "who came later");
    }
    assert_eq!(searched(&service), before + 3, "the primary has the trail");
    let some = service.reading_from(&location, Duration::from_millis(1500));
    until(&at(&some, &staff), true).await;
    replica.let_go();
    until(&by_replica, true).await;
    // Its connections are lost, and nobody is told so.
    replica.cut();
    for _ in 0..5 {
        assert!(finds(&by_replica).await);
    }
    // It is asked again: what the primary gets, it does not have.
    replica.hold();
    service.database.run("DELETE FROM person").unwrap();
    assert!(!finds(&by_primary).await);
    until(&by_replica, true).await;
    replica.let_go();
    until(&by_replica, false).await;
}

#[tokio::test]
async fn what_is_no_replica_of_the_store_is_not_asked() {
    let service = Service::opened().await;
    let Location::Server(config) = service.database.location() else {
        return;
    };
    service.import(PERSONS);
    let staff = service.log_in("staff").await;
    let mut nowhere = config.clone();
    nowhere.port(1);
    // The primary itself, and a place where nobody listens.
    let places = [config, nowhere].map(Location::Server);
    let beside = service.reading_from(&places, EVER);
    let client = at(&beside, &staff);
    for _ in 0..5 {
        assert!(finds(&client).await);
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
}
