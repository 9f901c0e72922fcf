//! Checks of what a `config.json` states of a transformer, before anything is made in such sizes. What
//! is wrong is told in words, with the name that stands in the file.

/// Whether each of the named switches stands as it must: name, value, what is wanted.
pub(super) fn switches<'n>(
    all: impl IntoIterator<Item = (&'n str, bool, bool)>,
) -> Result<(), String> {
    for (name, value, wanted) in all {
        if value != wanted {
            return Err(format!(
                "{name} is {value}; only models where it is {wanted} can be used"
            ));
        }
    }
    Ok(())
}

/// Whether each of the named sizes is one at least, and no more than the most: name, value, most.
pub(super) fn sizes<'n>(
    all: impl IntoIterator<Item = (&'n str, usize, usize)>,
) -> Result<(), String> {
    for (name, value, most) in all {
        if !(1..=most).contains(&value) {
            return Err(format!("{name} is {value}; 1 to {most} can be used"));
        }
    }
    Ok(())
}

/// Whether the width can be shared out among the heads.
pub(super) fn heads(d_model: usize, all: [usize; 2]) -> Result<(), String> {
    for heads in all {
        if !d_model.is_multiple_of(heads) {
            return Err(format!(
                "d_model {d_model} is no multiple of the {heads} attention heads"
            ));
        }
    }
    Ok(())
}

/// Whether each of the named pieces is one of the vocabulary.
pub(super) fn pieces<'n>(
    all: impl IntoIterator<Item = (&'n str, u32)>,
    vocabulary: usize,
) -> Result<(), String> {
    for (name, id) in all {
        if id as usize >= vocabulary {
            return Err(format!("{name} {id} is outside the vocabulary"));
        }
    }
    Ok(())
}
