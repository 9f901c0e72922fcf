//! From bytes in whatever encoding to text.

use encoding_rs::{UTF_8, UTF_16BE, UTF_16LE};

/// How a document's bytes were decoded.
///
/// A byte order mark decides; without one, what is valid UTF-8 is UTF-8, and so is what is UTF-8
/// but for a few damaged bytes. For all else the encoding is guessed from the bytes as browsers do
/// it (chardetng), which for French or English text without a mark means windows-1252.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Encoding {
    /// Its name in the Encoding Standard, such as `UTF-8` or `windows-1252`.
    pub name: &'static str,
    /// Whether the bytes open with a byte order mark.
    pub mark: bool,
    /// Whether some bytes made no sense in it and became U+FFFD.
    pub malformed: bool,
}

impl Encoding {
    /// Whether what is written back opens with a byte order mark: only where the file was UTF-8
    /// with one, since a UTF-16 file's mark says nothing of the UTF-8 that is written.
    pub(super) fn keeps_mark(&self) -> bool {
        self.mark && self.name == UTF_8.name()
    }
}

/// Damaged sequences are tolerated in UTF-8 where it has this many sound non-ASCII ones to each: text
/// in any other encoding hardly ever makes as many of the one as of the other, and a corpus has
/// whole lines in another encoding.
const SOUND_TO_DAMAGED: usize = 2;

/// Decodes `bytes`; what is malformed becomes U+FFFD.
pub(super) fn decode(bytes: &[u8]) -> (String, Encoding) {
    let (encoding, mark) = sniff(bytes, true);
    if encoding == UTF_8
        && mark == 0
        && let Ok(text) = std::str::from_utf8(bytes)
    {
        let encoding = Encoding {
            name: UTF_8.name(),
            mark: false,
            malformed: false,
        };
        return (text.into(), encoding);
    }
    decode_as(encoding, bytes.get(mark..).unwrap_or_default(), mark > 0)
}

/// The encoding of a file that begins with `head`, or that is `head` where that is the `whole` of
/// it, and the length of its byte order mark.
pub(super) fn sniff(head: &[u8], whole: bool) -> (&'static encoding_rs::Encoding, usize) {
    if let Some(found) = encoding_rs::Encoding::for_bom(head) {
        return found;
    }
    let is_utf8 = match std::str::from_utf8(head) {
        Ok(_) => true,
        // A character that the end of the head cuts is none the worse for it.
        Err(error) => !whole && error.error_len().is_none(),
    };
    if is_utf8 || is_damaged_utf8(head) {
        return (UTF_8, 0);
    }
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(head, whole);
    (detector.guess(None, chardetng::Utf8Detection::Deny), 0)
}

fn decode_as(
    encoding: &'static encoding_rs::Encoding,
    bytes: &[u8],
    mark: bool,
) -> (String, Encoding) {
    debug_assert!(mark || encoding != UTF_16LE && encoding != UTF_16BE);
    let (text, malformed) = encoding.decode_without_bom_handling(bytes);
    let encoding = Encoding {
        name: encoding.name(),
        mark,
        malformed,
    };
    (text.into_owned(), encoding)
}

fn is_damaged_utf8(bytes: &[u8]) -> bool {
    let mut sound = 0;
    let mut damaged = 0;
    for chunk in bytes.utf8_chunks() {
        sound += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        damaged += usize::from(!chunk.invalid().is_empty());
    }
    sound >= damaged * SOUND_TO_DAMAGED
}
