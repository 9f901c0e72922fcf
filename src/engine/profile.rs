//! Where the time goes: for each stage of a translation its time, and the multiply-adds of its
//! matrices and its attention.

use std::time::{Duration, Instant};

/// A stage of a translation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Text to pieces.
    Pieces,
    /// Rows of the embedding and positions, encoder and decoder.
    Embedding,
    /// Queries, keys, values and outputs of the encoder's attention.
    EncoderProjections,
    /// The encoder's attention itself.
    EncoderAttention,
    /// The encoder's feed-forward blocks.
    EncoderFeedForward,
    /// Keys and values that the decoder will attend to in the source.
    SourceMemory,
    /// Projections of the decoder's attention, and its recurrent units.
    DecoderProjections,
    /// The decoder's attention to the target so far.
    TargetAttention,
    /// The decoder's attention to the source.
    SourceAttention,
    /// The decoder's feed-forward blocks.
    DecoderFeedForward,
    /// Logits of the pieces that may come next.
    Output,
    /// Hypotheses are extended, kept and ended.
    Search,
    /// Pieces to text.
    Text,
}

impl Stage {
    /// All, in the order that a sentence goes through them.
    pub const ALL: [Stage; 13] = [
        Self::Pieces,
        Self::Embedding,
        Self::EncoderProjections,
        Self::EncoderAttention,
        Self::EncoderFeedForward,
        Self::SourceMemory,
        Self::DecoderProjections,
        Self::TargetAttention,
        Self::SourceAttention,
        Self::DecoderFeedForward,
        Self::Output,
        Self::Search,
        Self::Text,
    ];

    /// What users call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pieces => "cutting into pieces",
            Self::Embedding => "embedding",
            Self::EncoderProjections => "encoder: projections",
            Self::EncoderAttention => "encoder: attention",
            Self::EncoderFeedForward => "encoder: feed-forward",
            Self::SourceMemory => "keys and values of the source",
            Self::DecoderProjections => "decoder: projections",
            Self::TargetAttention => "decoder: attention to the target",
            Self::SourceAttention => "decoder: attention to the source",
            Self::DecoderFeedForward => "decoder: feed-forward",
            Self::Output => "output layer",
            Self::Search => "search",
            Self::Text => "joining pieces",
        }
    }
}

/// What a stage took.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Lap {
    /// Of all threads together.
    pub time: Duration,
    /// Multiplications with an addition, in matrices and attention.
    pub multiply_adds: u64,
}

/// What all stages took.
#[derive(Debug, Default, Clone)]
pub struct Profile {
    laps: [Lap; Stage::ALL.len()],
    /// When the last lap ended.
    last: Option<Instant>,
}

impl Profile {
    /// What `stage` took.
    pub fn of(&self, stage: Stage) -> Lap {
        self.laps[stage as usize]
    }

    /// The next lap begins now.
    pub(super) fn start(&mut self) {
        self.last = Some(Instant::now());
    }

    /// What was done since the last lap was `stage`, and took so many multiply-adds.
    pub(super) fn lap(&mut self, stage: Stage, multiply_adds: usize) {
        let now = Instant::now();
        let lap = &mut self.laps[stage as usize];
        if let Some(last) = self.last {
            lap.time += now - last;
        }
        lap.multiply_adds += multiply_adds as u64;
        self.last = Some(now);
    }

    /// Adds what another took.
    pub(super) fn add(&mut self, other: &Profile) {
        for (lap, other) in self.laps.iter_mut().zip(&other.laps) {
            lap.time += other.time;
            lap.multiply_adds += other.multiply_adds;
        }
    }
}
