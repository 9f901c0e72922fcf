//! Character references of HTML (`&eacute;`, `&#39;`, `&amp;`).

use quick_xml::escape::resolve_html5_entity;

use super::rewriting::Rewriting;

/// The longest reference that HTML names, and some room.
const LONGEST: usize = 40;

/// How the characters of a text are written that it writes as references.
#[derive(Debug, Default)]
pub struct Entities {
    /// Each character with the reference that stands for it first.
    written: Vec<(char, String)>,
}

impl Entities {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.written.is_empty()
    }

    /// A character of the translation, as a reference where the source writes it as one.
    pub fn encode(&self, c: char) -> String {
        match self.written.iter().find(|(known, _)| *known == c) {
            Some((_, reference)) => reference.clone(),
            None => c.into(),
        }
    }

    fn learn(&mut self, decoded: &str, reference: &str) {
        let mut characters = decoded.chars();
        if let (Some(c), None) = (characters.next(), characters.next())
            && self.written.iter().all(|(known, _)| *known != c)
        {
            self.written.push((c, reference.to_owned()));
        }
    }
}

/// The text without references, and what they were; none where it has none. What only looks like
/// a reference stays as it is.
pub fn decode(text: &str) -> Option<(Rewriting, Entities)> {
    let mut decoded = Rewriting::default();
    let mut entities = Entities::default();
    // What is written without references.
    let mut bare = String::new();
    let (mut kept, mut from, mut found) = (0, 0, false);
    while let Some(at) = text[from..].find('&').map(|at| from + at) {
        from = at + 1;
        let Some((length, characters)) = reference(&text[at..]) else {
            continue;
        };
        found = true;
        decoded.keep(text, kept..at);
        bare.push_str(&text[kept..at]);
        decoded.put(&characters, at);
        entities.learn(&characters, &text[at..at + length]);
        kept = at + length;
        from = kept;
    }
    if !found {
        return None;
    }
    decoded.keep(text, kept..text.len());
    bare.push_str(&text[kept..]);
    // Where there are references the text is HTML: what it does not write bare must not appear so.
    for (c, reference) in [('&', "&amp;"), ('<', "&lt;"), ('>', "&gt;")] {
        if !bare.contains(c) {
            entities.learn(c.encode_utf8(&mut [0; 4]), reference);
        }
    }
    Some((decoded.end(text), entities))
}

/// The length of the reference that `text` starts with, and what it stands for.
fn reference(text: &str) -> Option<(usize, String)> {
    let bytes = text.as_bytes();
    let end = bytes.iter().take(LONGEST).position(|&byte| byte == b';')?;
    let name = &text[1..end];
    let characters = match name.strip_prefix('#') {
        Some(number) => {
            let code = match number.strip_prefix(['x', 'X']) {
                Some(code) => u32::from_str_radix(code, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code).filter(|c| *c != '\0')?.to_string()
        }
        None => resolve_html5_entity(name)?.to_owned(),
    };
    Some((end + 1, characters))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_decoded_and_encoded_again() {
        let (decoded, entities) = decode("l&rsquo;&eacute;t&eacute; &#x26; &lt;b&gt;").unwrap();
        assert_eq!(decoded.text, "l’été & <b>");
        let encoded: String = "the summer’s & <b> été"
            .chars()
            .map(|c| entities.encode(c))
            .collect();
        assert_eq!(
            encoded,
            "the summer&rsquo;s &#x26; &lt;b&gt; &eacute;t&eacute;"
        );
    }

    #[test]
    fn markup_stays_markup_and_nothing_bare_appears() {
        let (_, entities) = decode("<b>&eacute;t&eacute;</b>").unwrap();
        assert_eq!(entities.encode('<'), "<");
        assert_eq!(entities.encode('&'), "&amp;");
    }

    #[test]
    fn what_only_looks_like_a_reference_stays() {
        for text in [
            "AT&T;", "a & b;", "&;", "&#;", "&#xD800;", "&#0;", "R&D", "x&é;",
        ] {
            assert!(decode(text).is_none(), "{text}");
        }
    }
}
