//! The style sheet and the script: two files, named by what they hold.

use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

/// One file that pages load.
pub struct Asset {
    name: &'static str,
    kind: &'static str,
    body: &'static str,
    hash: String,
}

impl Asset {
    fn new(name: &'static str, kind: &'static str, body: &'static str) -> Self {
        let hash = Sha256::digest(body.as_bytes());
        let hash = hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        Self { name, kind, body, hash }
    }

    /// The address of this very content; another content has another address.
    pub fn href(&self) -> String {
        format!("/assets/{}/{}", self.hash, self.name)
    }
}

/// The style sheet.
pub static STYLE: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new("sluice.css", "text/css; charset=utf-8", include_str!("../assets/sluice.css"))
});

/// The script.
pub static SCRIPT: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new("sluice.js", "text/javascript; charset=utf-8", include_str!("../assets/sluice.js"))
});

/// Serves one of the two. The content never changes under its address, so it may be kept.
pub async fn asset(Path((hash, name)): Path<(String, String)>, headers: HeaderMap) -> Response {
    let found = [&*STYLE, &*SCRIPT].into_iter().find(|asset| asset.name == name && asset.hash == hash);
    let Some(asset) = found else { return StatusCode::NOT_FOUND.into_response() };
    let tag = format!("\"{}\"", asset.hash);
    let kept = headers.get(IF_NONE_MATCH).is_some_and(|sent| sent.as_bytes() == tag.as_bytes());
    let caching = [(CACHE_CONTROL, "public, max-age=31536000, immutable".to_string()), (ETAG, tag)];
    match kept {
        true => (StatusCode::NOT_MODIFIED, caching).into_response(),
        false => (caching, [(CONTENT_TYPE, asset.kind)], asset.body).into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_files_are_small_and_load_nothing_from_elsewhere() {
        assert!(SCRIPT.body.len() <= 12 * 1024, "{} bytes", SCRIPT.body.len());
        assert!(STYLE.body.len() <= 32 * 1024, "{} bytes", STYLE.body.len());
        for asset in [&*STYLE, &*SCRIPT] {
            for foreign in ["http://", "https://", "@import", "eval(", "innerHTML"] {
                assert!(!asset.body.contains(foreign), "{}: {foreign}", asset.name);
            }
        }
        assert!(!STYLE.body.contains("gradient"));
    }
}
