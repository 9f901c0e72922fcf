use proptest::prelude::*;

use super::*;
use crate::language::Language;
use crate::model::Error;
use crate::model::positions::Sinusoids;

/// A header for tests; tensors and data are filled in by the writer.
fn header() -> Header {
    Header {
        name: "tiny".into(),
        architecture: Architecture::MarianTransformer,
        from: Language::french(),
        to: Language::english(),
        precision: Precision::Int8,
        config: Config {
            d_model: 2,
            encoder_layers: 0,
            decoder_layers: 0,
            encoder_heads: 1,
            decoder_heads: 1,
            encoder_ffn: 4,
            decoder_ffn: 4,
            activation: Activation::Swish,
            vocabulary: 3,
            source_vocabulary: None,
            pad: 2,
            decoder_start: 2,
            end: 0,
            unknown: 1,
            scale_embedding: true,
            max_positions: 8,
            beam_size: 4,
            positions: Sinusoids::Vaswani,
            norm_epsilon: NORM_EPSILON,
            autoregression: Autoregression::Attention,
            alignment: None,
        },
        segmentation: Segmentation {
            add_dummy_prefix: true,
            remove_extra_spaces: true,
            lowest_score: -9.5,
        },
        licence: "CC0-1.0".into(),
        attribution: "nobody".into(),
        sources: Vec::new(),
        generator: "test".into(),
        tensors: Vec::new(),
        data_length: 0,
        data_sha256: String::new(),
    }
}

fn write(folder: &std::path::Path) -> std::path::PathBuf {
    let path = folder.join("tiny.visavis");
    let mut writer = Writer::new(folder).unwrap();
    writer
        .add("a", Dtype::I8, &[3, 2], &[1i8, -2, 3, -4, 5, -127])
        .unwrap();
    writer
        .add("b", Dtype::F32, &[2], &[0.5f32, f32::MIN])
        .unwrap();
    writer.add("c", Dtype::U8, &[0], &[0u8; 0]).unwrap();
    writer.add("d", Dtype::U32, &[1], &[7u32]).unwrap();
    writer.finish(header(), &path).unwrap();
    path
}

#[test]
fn what_was_written_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = write(folder.path());
    let model = Compiled::open(&path).unwrap();
    model.verify().unwrap();
    assert_eq!(model.i8("a", &[3, 2]).unwrap(), [1, -2, 3, -4, 5, -127]);
    assert_eq!(model.f32("b", &[2]).unwrap(), [0.5, f32::MIN]);
    assert!(model.bytes("c").unwrap().is_empty());
    assert_eq!(model.u32("d").unwrap(), [7]);
    assert_eq!(model.header().name, "tiny");
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(left.len(), 1, "no temporary file stays: {left:?}");
}

#[test]
fn tensors_are_checked() {
    let folder = tempfile::tempdir().unwrap();
    let model = Compiled::open(&write(folder.path())).unwrap();
    for error in [
        model.i8("a", &[2, 3]).unwrap_err(),
        model.f32("a", &[3, 2]).unwrap_err(),
        model.f32("z", &[2]).unwrap_err(),
        model.bytes("d").unwrap_err(),
    ] {
        assert!(matches!(error, Error::Tensor { .. }), "{error}");
    }
    let mut writer = Writer::new(folder.path()).unwrap();
    assert!(writer.add("a", Dtype::F32, &[3], &[1.0f32]).is_err());
    writer.add("a", Dtype::F32, &[1], &[1.0f32]).unwrap();
    assert!(writer.add("a", Dtype::F32, &[1], &[1.0f32]).is_err());
}

#[test]
fn another_version_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = write(folder.path());
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[8] = 9;
    std::fs::write(&path, bytes).unwrap();
    let error = Compiled::open(&path).unwrap_err();
    assert!(matches!(error, Error::Version { found: 9, .. }), "{error}");
}

#[test]
fn altered_data_is_found_by_verify_only() {
    let folder = tempfile::tempdir().unwrap();
    let path = write(folder.path());
    let mut bytes = std::fs::read(&path).unwrap();
    let last = bytes.len() - 64;
    bytes[last] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    let error = Compiled::open(&path).unwrap().verify().unwrap_err();
    assert!(error.to_string().contains("SHA-256"), "{error}");
}

proptest! {
    #[test]
    fn an_altered_or_cut_file_never_panics(flip in 0usize..100_000, bit in 0u8..8, cut in 0usize..100_000) {
        let folder = tempfile::tempdir().unwrap();
        let path = write(folder.path());
        let mut bytes = std::fs::read(&path).unwrap();
        let cut = cut % bytes.len();
        let flip = flip % bytes.len();
        bytes[flip] ^= 1 << bit;
        std::fs::write(&path, &bytes).unwrap();
        // Zero bytes of the preamble and padding before the data carry no meaning.
        let _ = Compiled::open(&path).and_then(|model| model.verify());
        bytes[flip] ^= 1 << bit;
        std::fs::write(&path, &bytes[..cut]).unwrap();
        prop_assert!(Compiled::open(&path).is_err());
    }
}
