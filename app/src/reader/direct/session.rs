//! What is done with an open reader: look for a card, see whether it is still there, read it.

use std::convert::Infallible;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use card::reader::{Found, Reader, ReaderError};
use futures_util::future::{Either, select};

use super::Shared;
use super::model::Next;
use super::opened::Opened;
use crate::reader::failure::{of_card, of_reader};
use crate::reader::status::{Card, ReadFailure};
use crate::task::sleep;
use crate::task::within;

/// Between two looks for a card.
const LOOK: Duration = Duration::from_millis(250);
/// Between two looks at whether the card is still there.
const PRESENCE: Duration = Duration::from_millis(500);
/// How long a look may take in all, whatever the reader makes of its own time limits.
const LOOK_TIME: Duration = Duration::from_secs(15);
/// How long a reading may take in all.
const READING_TIME: Duration = Duration::from_secs(45);

/// A driver, and whether it has the card that lies on its reader.
struct Driver {
    reader: Reader,
    has_card: bool,
}

/// Uses the reader until it fails for good.
pub(super) async fn serve(shared: &Shared, opened: &mut Opened) -> ReaderError {
    loop {
        let Err(error) = look_on(shared, opened).await;
        let next = shared.know(|known| known.failed(error));
        let Next::Anew(pause) = next else {
            return error;
        };
        release(opened).await;
        sleep(pause).await;
    }
}

async fn look_on(shared: &Shared, opened: &mut Opened) -> Result<Infallible, ReaderError> {
    let mut driver = start(opened).await?;
    loop {
        if shared.wants_reading() {
            driver = read(shared, opened, driver).await?;
            continue;
        }
        driver = if driver.has_card {
            let looked = opened.run(driver.reader.is_card_present());
            let (reader, is_present) = in_time(LOOK_TIME, looked).await?;
            shared.know(|known| known.is_present(is_present));
            Driver {
                reader,
                has_card: is_present,
            }
        } else {
            find(shared, opened, driver.reader).await?.0
        };
        let pause = if driver.has_card { PRESENCE } else { LOOK };
        within(pause, shared.bell.rung()).await;
    }
}

async fn start(opened: &mut Opened) -> Result<Driver, ReaderError> {
    let begun = opened.reader()?.start_up();
    let (reader, ()) = in_time(LOOK_TIME, opened.run(begun)).await?;
    Ok(Driver {
        reader,
        has_card: false,
    })
}

/// Releases the reader from whatever state it was left in.
async fn release(opened: &mut Opened) {
    if let Ok(reader) = opened.reader() {
        // It is started anew from any state; this is for the card, and for the field.
        let _ = in_time(LOOK_TIME, opened.run(reader.release())).await;
    }
}

async fn find(
    shared: &Shared,
    opened: &mut Opened,
    reader: Reader,
) -> Result<(Driver, Found), ReaderError> {
    let looked = opened.run(reader.find_card());
    let (reader, found) = in_time(LOOK_TIME, looked).await?;
    shared.know(|known| known.found(found));
    let driver = Driver {
        reader,
        has_card: found == Found::Card,
    };
    Ok((driver, found))
}

async fn in_time<T>(
    limit: Duration,
    work: impl Future<Output = Result<T, ReaderError>>,
) -> Result<T, ReaderError> {
    let result = within(limit, work).await;
    result.unwrap_or(Err(ReaderError::NotResponding))
}

/// Reads the card that was asked for, if it is still the one that lies there; a reader that fails gets a
/// second chance.
async fn read(
    shared: &Shared,
    opened: &mut Opened,
    mut driver: Driver,
) -> Result<Driver, ReaderError> {
    if !driver.has_card && lies_there(shared) {
        driver = find(shared, opened, driver.reader).await?.0;
    }
    for is_last in [false, true] {
        if !driver.has_card || !lies_there(shared) {
            shared.finish(Err(ReadFailure::Taken));
            return Ok(driver);
        }
        let error = match attempt(shared, opened, driver.reader).await {
            Attempt::Over(driver) => return Ok(driver),
            Attempt::Stopped => {
                shared.finish(Err(ReadFailure::Interrupted));
                release(opened).await;
                return start(opened).await;
            }
            Attempt::Failed(error) => error,
        };
        if is_last || error == ReaderError::CardGone {
            shared.finish(Err(of_reader(error)));
            return Err(error);
        }
        driver = match recover(shared, opened, error).await {
            Ok(driver) => driver,
            Err(error) => {
                shared.finish(Err(of_reader(error)));
                return Err(error);
            }
        };
    }
    Ok(driver)
}

/// Whether the card that is to be read is the one that was seen last.
fn lies_there(shared: &Shared) -> bool {
    let card = shared.known.borrow().status().card();
    shared.reading_card().map(Card::Present) == Some(card)
}

/// Starts a reader that has failed anew, as often as that makes sense, and looks for the card.
async fn recover(
    shared: &Shared,
    opened: &mut Opened,
    mut error: ReaderError,
) -> Result<Driver, ReaderError> {
    while let Next::Anew(pause) = shared.know(|known| known.failed(error)) {
        release(opened).await;
        sleep(pause).await;
        let found = async {
            let driver = start(opened).await?;
            find(shared, opened, driver.reader).await
        };
        match found.await {
            Ok((driver, _)) => return Ok(driver),
            Err(again) => error = again,
        }
    }
    Err(error)
}

/// What became of a reading.
enum Attempt {
    /// It was told to who asked.
    Over(Driver),
    Stopped,
    Failed(ReaderError),
}

async fn attempt(shared: &Shared, opened: &mut Opened, reader: Reader) -> Attempt {
    let result = {
        let reading = opened.run(reader.read_certificate(false));
        let reading = std::pin::pin!(in_time(READING_TIME, reading));
        let stopped = shared.bell.until(|| shared.is_stopped().then_some(()));
        match select(reading, std::pin::pin!(stopped)).await {
            Either::Left((result, _)) => result,
            Either::Right(((), _)) => return Attempt::Stopped,
        }
    };
    match result {
        Ok((reader, read)) => {
            let certificate = read
                .map(|card| STANDARD.encode(card.certificate.as_der()))
                .map_err(|error| ReadFailure::Card(of_card(&error)));
            shared.finish(certificate);
            Attempt::Over(Driver {
                reader,
                has_card: true,
            })
        }
        Err(error) => Attempt::Failed(error),
    }
}
