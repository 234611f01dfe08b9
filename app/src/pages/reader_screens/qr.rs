//! The service's picture of a code, taken apart: what is shown is drawn by the page, so
//! that nothing of another's text becomes part of the document.

/// What there is to draw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Picture {
    pub(super) view_box: String,
    pub(super) path: String,
}

impl Picture {
    /// Finds the one path; `None` where the text is another one.
    pub(super) fn read(svg: &str) -> Option<Self> {
        let view_box = attribute(svg, " viewBox=\"")?;
        let path = attribute(svg, " d=\"")?;
        let is_box = view_box
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b' ');
        let is_path = path
            .bytes()
            .all(|byte| byte.is_ascii_digit() || b" ,.-MmHhVvLlZz".contains(&byte));
        (is_box && is_path).then(|| Self {
            view_box: view_box.to_owned(),
            path: path.to_owned(),
        })
    }
}

fn attribute<'a>(svg: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = svg.split_once(name)?;
    rest.split_once('"').map(|(value, _)| value)
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn a_path_is_drawn_and_nothing_else() {
        let svg =
            |path: &str| ["<svg viewBox=\"0 0 29 29\"><path d=\"", path, "\"/></svg>"].concat();
        let table = [
            (svg("M4 4h1v1H4V4"), true),
            (svg("M4 4&quot;"), false),
            (svg("url(#a)"), false),
            ("<svg></svg>".to_owned(), false),
        ];
        for (svg, is_drawn) in table {
            assert_eq!(Picture::read(&svg).is_some(), is_drawn, "{svg}");
        }
    }
}
