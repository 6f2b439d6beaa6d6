/**
 * A key and a self-signed certificate for `localhost`, not for `127.0.0.1`, valid until 2126. Made for these tests and
 * trusted by nobody: `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 36500
 * -subj /CN=localhost -addext subjectAltName=DNS:localhost`.
 */
export const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgKgD00LwFC4qXbo/i
5GzZgf5Es1KmNsMJoFnzSupepJmhRANCAATczaJtiRnVBWp0DklJNqIwVT2Y7z7I
wI4YceNpeO7DvF45HOgtVso5U7x8K0t/ZpAKcXieJ6CITQtR79pKpChF
-----END PRIVATE KEY-----
`

export const certificate = `-----BEGIN CERTIFICATE-----
MIIBlDCCATugAwIBAgIUOcuLV8btI3l4YU9sN0r35yCYyqgwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMjIyMDIyM1oYDzIxMjYxMDI5
MjIwMjIzWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAATczaJtiRnVBWp0DklJNqIwVT2Y7z7IwI4YceNpeO7DvF45HOgtVso5
U7x8K0t/ZpAKcXieJ6CITQtR79pKpChFo2kwZzAdBgNVHQ4EFgQUeG9AvDe0oDQ4
cDODNdUZUCh7ZHowHwYDVR0jBBgwFoAUeG9AvDe0oDQ4cDODNdUZUCh7ZHowDwYD
VR0TAQH/BAUwAwEB/zAUBgNVHREEDTALgglsb2NhbGhvc3QwCgYIKoZIzj0EAwID
RwAwRAIgUELNsi7cFqhiJvfTPrm+rQb9w9A6cwZiVKipCFAhAFMCIHz0aUS6e4z4
7HPya09avlfQXaJSzXBwYoTz1yTepwd2
-----END CERTIFICATE-----
`
