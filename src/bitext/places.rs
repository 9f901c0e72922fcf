//! Places of segments and word links as short strings, for formats that have no lists.
//!
//! A side's segments are written as one text, joined by a space, and their places as
//! `document:block:start-end` items; `:length` follows where the text has another number of code
//! points than its place.

use super::{Problem, Segment};

/// The places of a side's segments.
pub(super) fn encode(segments: &[Segment]) -> String {
    let items: Vec<String> = segments
        .iter()
        .map(|segment| {
            let Segment {
                document,
                block,
                start,
                end,
                ..
            } = segment;
            let length = segment.text.chars().count();
            let place = format!("{document}:{block}:{start}-{end}");
            match end.checked_sub(*start) {
                Some(covered) if covered == length => place,
                _ => format!("{place}:{length}"),
            }
        })
        .collect();
    items.join(" ")
}

/// The segments that were joined to `text`.
pub(super) fn decode(text: &str, places: &str) -> Result<Vec<Segment>, Problem> {
    let mut segments: Vec<Segment> = Vec::new();
    let mut rest = text;
    for item in places.split_ascii_whitespace() {
        let (mut segment, length) =
            place(item).ok_or_else(|| Problem::BadPlace(item.to_owned()))?;
        if !segments.is_empty() {
            rest = rest.strip_prefix(' ').ok_or(Problem::Edited)?;
        }
        let mut ends = rest.char_indices().map(|(at, _)| at).chain([rest.len()]);
        let (own, after) = rest.split_at(ends.nth(length).ok_or(Problem::Edited)?);
        segment.text = own.to_owned();
        segments.push(segment);
        rest = after;
    }
    if rest.is_empty() {
        Ok(segments)
    } else {
        Err(Problem::Edited)
    }
}

/// A segment still without text, and the text's length.
fn place(item: &str) -> Option<(Segment, usize)> {
    let mut parts = item.split(':');
    let document = parts.next()?.parse().ok()?;
    let block = parts.next()?.parse().ok()?;
    let (start, end) = parts.next()?.split_once('-')?;
    let (start, end): (usize, usize) = (start.parse().ok()?, end.parse().ok()?);
    let length = match parts.next() {
        Some(length) => length.parse().ok()?,
        None => end.checked_sub(start)?,
    };
    let segment = Segment {
        text: String::new(),
        document,
        block,
        start,
        end,
    };
    parts.next().is_none().then_some((segment, length))
}

/// A text of which only the block is known, as one segment of the first document; none where it
/// is blank.
pub(super) fn whole(text: &str, block: usize) -> Vec<Segment> {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Vec::new();
    }
    let before = text.len() - text.trim_start().len();
    let start = text[..before].chars().count();
    vec![Segment {
        text: trimmed.to_owned(),
        document: 0,
        block,
        start,
        end: start + trimmed.chars().count(),
    }]
}

/// A text that is no longer what its places say, as one segment at the first of them; none where it
/// is blank.
pub(super) fn anew(text: &str, places: &str) -> Vec<Segment> {
    let mut segments = whole(text, 0);
    let first = places.split_ascii_whitespace().next().and_then(place);
    if let (Some(segment), Some((first, _))) = (segments.first_mut(), first) {
        segment.document = first.document;
        segment.block = first.block;
        segment.end = first.start + (segment.end - segment.start);
        segment.start = first.start;
    }
    segments
}

/// Word links in Pharaoh's form: `0-0 1-2`.
pub(crate) fn encode_links(links: &[(u32, u32)]) -> String {
    let items: Vec<String> = links.iter().map(|(s, t)| format!("{s}-{t}")).collect();
    items.join(" ")
}

/// The word links that [`encode_links`] wrote.
pub(crate) fn decode_links(links: &str) -> Result<Vec<(u32, u32)>, Problem> {
    let link = |item: &str| {
        let (source, target) = item.split_once('-')?;
        Some((source.parse().ok()?, target.parse().ok()?))
    };
    links
        .split_ascii_whitespace()
        .map(|item| link(item).ok_or_else(|| Problem::BadLink(item.to_owned())))
        .collect()
}

/// A score as the formats without numbers write it; nothing where there is none.
pub(super) fn encode_score(score: Option<f32>) -> String {
    match score {
        Some(score) if score.is_finite() => score.to_string(),
        _ => String::new(),
    }
}

/// The score that [`encode_score`] wrote.
pub(super) fn decode_score(score: &str) -> Result<Option<f32>, Problem> {
    let score = score.trim();
    if score.is_empty() {
        return Ok(None);
    }
    match score.parse::<f32>() {
        Ok(number) if number.is_finite() => Ok(Some(number)),
        _ => Err(Problem::BadScore(score.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn malformed_places_and_edited_texts_are_refused() {
        for place in [
            "x",
            "0:0",
            "0:0:5",
            "0:0:5-3",
            "0:0:0-1:1:1",
            "-1:0:0-1",
            "0:0:0-1:x",
        ] {
            assert_eq!(decode("a", place), Err(Problem::BadPlace(place.into())));
        }
        for (text, places) in [
            ("abc", "0:0:0-2"),
            ("ab", "0:0:0-3"),
            ("abc", "0:0:0-1 0:0:1-2"),
            ("a", "0:0:0-18446744073709551615"),
            ("a", ""),
        ] {
            assert_eq!(
                decode(text, places),
                Err(Problem::Edited),
                "{text} {places}"
            );
        }
    }

    #[test]
    fn a_whole_text_is_trimmed_and_placed() {
        let segments = whole(" \u{a0}été ", 3);
        assert_eq!((segments[0].start, segments[0].end), (2, 5));
        assert_eq!((segments[0].text.as_str(), segments[0].block), ("été", 3));
        assert!(whole(" \t", 0).is_empty());
    }
}
