//! The side-by-side page, read back: its `<script id="bitext">` holds the bitext as JSONL, with
//! `<` written `\u003c`.

use std::sync::LazyLock;

use regex::Regex;

use super::{Bitext, Error, Problem, jsonl};

static SCRIPT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"(?is)<script\s(?:[^>]*\s)?id=["']bitext["'][^>]*>(.*?)</script"#)
        .expect("the pattern above is valid")
});

pub(super) fn read(name: &str, page: &str) -> Result<Bitext, Error> {
    let content = SCRIPT
        .captures(page)
        .and_then(|found| found.get(1))
        .ok_or_else(|| Problem::NoScript.at(name, 1))?;
    let first = 1 + page[..content.start()].matches('\n').count();
    jsonl::read_from(name, content.as_str(), first)
}

#[cfg(test)]
mod tests {
    use super::super::samples::bitexts;
    use super::*;
    use proptest::prelude::*;

    fn page(bitext: &Bitext) -> String {
        let mut out = Vec::new();
        crate::bitext::write(bitext, crate::bitext::Format::Jsonl, &mut out).unwrap();
        let lines = String::from_utf8(out).unwrap().replace('<', "\\u003c");
        format!(
            "<!doctype html>\n<title>x</title>\n<script>let a = 1 > 0;</script>\n\
             <script type=\"application/jsonl\" id=\"bitext\">\n{lines}</script>\n<p>text</p>\n"
        )
    }

    proptest! {
        #[test]
        fn the_embedded_bitext_is_read(bitext in bitexts()) {
            prop_assert_eq!(read("p.html", &page(&bitext)).unwrap(), bitext);
        }
    }

    #[test]
    fn errors_name_the_line_of_the_page() {
        let error = read("p.html", "<p>no script</p>").unwrap_err().to_string();
        assert!(
            error.starts_with("p.html:1: the page holds no bitext"),
            "{error}"
        );
        let broken = "<html>\n<script id=\"bitext\">\n{}\n</script>";
        let error = read("p.html", broken).unwrap_err().to_string();
        assert!(
            error.starts_with("p.html:3: the first line must be"),
            "{error}"
        );
    }
}
