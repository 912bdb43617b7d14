//! The server's side of AUTH: whether the client knows a user's password, by whichever mechanism it tells so.

use std::io;

use data_encoding::BASE64;

use super::smtp_channel::Channel;

/// Goes through the exchange that an AUTH line begins, up to the final reply, which is the caller's.
pub(super) async fn knows(channel: &mut Channel, line: &str, user: &str, password: &str) -> io::Result<bool> {
    let mut words = line.split(' ').skip(1);
    let (mechanism, initial) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
    match mechanism {
        "PLAIN" => Ok(decoded(initial) == format!("\0{user}\0{password}")),
        "LOGIN" => {
            let name = ask(channel, "Username:").await?;
            Ok(name == user && ask(channel, "Password:").await? == password)
        }
        "XOAUTH2" => {
            let right = decoded(initial) == format!("user={user}\x01auth=Bearer {password}\x01\x01");
            if !right && !ask(channel, r#"{"status":"401"}"#).await?.is_empty() {
                channel.violation("an answer other than nothing to the error of XOAUTH2");
            }
            Ok(right)
        }
        _ => {
            channel.violation(&format!("a mechanism that wasn't offered: {mechanism}"));
            Ok(false)
        }
    }
}

async fn ask(channel: &mut Channel, prompt: &str) -> io::Result<String> {
    channel.say(&format!("334 {}", BASE64.encode(prompt.as_bytes()))).await?;
    Ok(decoded(&channel.read_line().await?))
}

fn decoded(base64: &str) -> String {
    let bytes = BASE64.decode(base64.as_bytes()).unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}
