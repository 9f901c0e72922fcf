//! Fetching files over HTTP, going on where an earlier try stopped.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::path::Path;
use std::time::Duration;

use ureq::Agent;
use ureq::http::header::{CONTENT_RANGE, RANGE};
use ureq::http::{Response, StatusCode};

use super::super::catalog::Entry;
use super::super::compiled::SourceFile;
use super::super::{Error, Progress};
use super::{check, missing};

/// Where nothing answers, the packages are tried soon.
const CONNECT: Duration = Duration::from_secs(5);
const FIRST_ANSWER: Duration = Duration::from_secs(30);
const STALLED: Duration = Duration::from_secs(60);
/// How often a broken connection is made anew before giving up.
const TRIES: usize = 3;

/// Gets the files of `entry` that are not in `folder` yet; `address` is that of a file, `{file}`
/// standing for its name.
///
/// # Errors
/// [`Error::Network`] where the publisher is not reached or does not give a file,
/// [`Error::Hash`] where it gives another one.
pub(super) fn fetch(
    folder: &Path,
    entry: &Entry,
    address: &str,
    progress: &dyn Progress,
) -> Result<(), Error> {
    let agent: Agent = Agent::config_builder()
        .timeout_connect(Some(CONNECT))
        .timeout_recv_response(Some(FIRST_ANSWER))
        .timeout_per_read(Some(STALLED))
        .http_status_as_error(false)
        .build()
        .into();
    for file in missing(folder, entry)? {
        let url = address.replace("{file}", &file.name);
        let part = folder.join(format!("{}.part", file.name));
        fetch_file(&agent, &url, file, &part, progress)?;
        check(&part, &file.sha256)?;
        let path = folder.join(&file.name);
        fs::rename(&part, &path).map_err(Error::io("write", &path))?;
    }
    Ok(())
}

fn fetch_file(
    agent: &Agent,
    url: &str,
    file: &SourceFile,
    part: &Path,
    progress: &dyn Progress,
) -> Result<(), Error> {
    let mut tries = 0;
    loop {
        let before = length(part);
        if before == file.size {
            return Ok(());
        }
        match fetch_rest(agent, url, file, part, progress) {
            // Whoever breaks off in the middle may go on; a refusal stays one.
            Err(Error::Network { .. }) if length(part) > before && tries < TRIES => tries += 1,
            Err(error) => return Err(error),
            Ok(()) if length(part) == file.size => return Ok(()),
            Ok(()) if tries < TRIES => tries += 1,
            Ok(()) => {
                return Err(Error::Network {
                    url: url.into(),
                    reason: format!("only {} of {} bytes came", length(part), file.size),
                });
            }
        }
    }
}

fn length(part: &Path) -> u64 {
    fs::metadata(part).map_or(0, |metadata| metadata.len())
}

/// Fetches what is missing of a file, or as much as comes.
fn fetch_rest(
    agent: &Agent,
    url: &str,
    file: &SourceFile,
    part: &Path,
    progress: &dyn Progress,
) -> Result<(), Error> {
    let network = |reason: String| Error::Network {
        url: url.into(),
        reason,
    };
    // More than there should be is nothing to go on from.
    let done = Some(length(part))
        .filter(|&done| done < file.size)
        .unwrap_or(0);
    let mut request = agent.get(url);
    if done > 0 {
        request = request.header(RANGE, format!("bytes={done}-"));
    }
    let mut response = request.call().map_err(|error| network(error.to_string()))?;
    let done = match response.status() {
        StatusCode::PARTIAL_CONTENT if starts_at(&response) == Some(done) => done,
        StatusCode::OK => 0,
        status => return Err(network(format!("it answered {status}"))),
    };
    let mut output = OpenOptions::new()
        .create(true)
        .write(true)
        .truncate(false)
        .open(part)
        .map_err(Error::io("write", part))?;
    output.set_len(done).map_err(Error::io("write", part))?;
    progress.start(&file.name, done, file.size);
    let body = response.body_mut().as_reader();
    // One byte more than there should be shows a file that is too long, and no endless one.
    let result = copy(body.take(file.size - done + 1), &mut output, done, progress);
    progress.finish();
    match result {
        Err(Broken::Input(error)) => Err(network(error.to_string())),
        Err(Broken::Output(error)) => Err(Error::io("write", part)(error)),
        Ok(length) if length > file.size => {
            fs::remove_file(part).map_err(Error::io("remove", part))?;
            Err(Error::Length {
                url: url.into(),
                expected: file.size,
            })
        }
        Ok(_) => Ok(()),
    }
}

/// The first byte that an answer holds.
fn starts_at<T>(response: &Response<T>) -> Option<u64> {
    let range = response.headers().get(CONTENT_RANGE)?.to_str().ok()?;
    let (start, _) = range.strip_prefix("bytes ")?.split_once('-')?;
    start.parse().ok()
}

enum Broken {
    Input(std::io::Error),
    Output(std::io::Error),
}

/// Copies all of `input` after the `done` bytes of `output`; the length of `output` then.
fn copy(
    mut input: impl Read,
    output: &mut File,
    mut done: u64,
    progress: &dyn Progress,
) -> Result<u64, Broken> {
    use std::io::{Seek, SeekFrom};
    output.seek(SeekFrom::Start(done)).map_err(Broken::Output)?;
    let mut buffer = vec![0; 1 << 17];
    loop {
        let length = input.read(&mut buffer).map_err(Broken::Input)?;
        if length == 0 {
            output.sync_all().map_err(Broken::Output)?;
            return Ok(done);
        }
        output
            .write_all(&buffer[..length])
            .map_err(Broken::Output)?;
        done += length as u64;
        progress.advance(length as u64);
    }
}
