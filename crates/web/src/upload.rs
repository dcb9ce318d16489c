//! Forms that carry files: `multipart/form-data`, on the few routes that take it.

use crate::form::{Form, FormError, check};
use axum::body::Bytes;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;

/// A file of a form.
#[derive(Clone)]
pub struct File {
    /// The field it was sent in.
    pub field: String,
    /// The name that its sender gave it, without folders.
    pub name: String,
    /// What is in it.
    pub bytes: Bytes,
}

/// Whether a body says that it is of this kind.
pub fn is_multipart(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("multipart/form-data")
}

/// Reads fields and files; a field for which no file was chosen is none. Texts keep to what every form may
/// hold, and nothing is replaced that cannot be decoded.
///
/// # Errors
/// The body is cut off or broken; a name or a text is not what a form may hold.
pub async fn read(request: Request) -> Result<(Form, Vec<File>), FormError> {
    let broken = |_| FormError::Encoding;
    let mut parts = Multipart::from_request(request, &()).await.map_err(|_| FormError::Encoding)?;
    let (mut form, mut files) = (Form::default(), Vec::new());
    while let Some(part) = parts.next_field().await.map_err(broken)? {
        let field = part.name().unwrap_or_default().to_string();
        let file = part.file_name().map(str::to_string);
        let bytes = part.bytes().await.map_err(broken)?;
        let Some(name) = file else {
            form.push(field, String::from_utf8(bytes.to_vec()).map_err(|_| FormError::Encoding)?)?;
            continue;
        };
        if name.is_empty() && bytes.is_empty() {
            continue;
        }
        check(&field)?;
        check(&name)?;
        let name = name.rsplit(['/', '\\']).next().unwrap_or_default().to_string();
        files.push(File { field, name, bytes });
    }
    Ok((form, files))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;

    async fn parsed(body: &str) -> Result<(Form, Vec<File>), FormError> {
        let request = Request::builder().header(CONTENT_TYPE, "multipart/form-data; boundary=xx");
        read(request.body(Body::from(body.replace('\n', "\r\n"))).unwrap()).await
    }

    #[tokio::test]
    async fn fields_and_files_are_read_and_an_empty_choice_is_none() {
        let body = "--xx\nContent-Disposition: form-data; name=\"a\"\n\n\u{5be9}\n\
            --xx\nContent-Disposition: form-data; name=\"f.b\"; filename=\"c:\\x\\y.pdf\"\n\n%PDF-\n\
            --xx\nContent-Disposition: form-data; name=\"f.c\"; filename=\"\"\n\n\n--xx--\n";
        let (form, files) = parsed(body).await.unwrap();
        assert_eq!(form.get("a"), "\u{5be9}");
        assert_eq!(files.len(), 1);
        assert_eq!((files[0].field.as_str(), files[0].name.as_str()), ("f.b", "y.pdf"));
        assert_eq!(&files[0].bytes[..], b"%PDF-");
    }

    #[tokio::test]
    async fn what_is_cut_off_or_hides_something_is_refused() {
        for broken in [
            "",
            "--xx\nContent-Disposition: form-data; name=\"a\"\n\nno end",
            "--xx\nContent-Disposition: form-data; name=\"a\"\n\n\u{202e}\n--xx--\n",
        ] {
            assert!(parsed(broken).await.is_err(), "{broken}");
        }
    }
}
