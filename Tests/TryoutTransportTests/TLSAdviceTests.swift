import Testing

@testable import TryoutTransport

/// What other TLS libraries than the one of this machine say, and what it means.
struct TLSAdviceTests {
  @Test(arguments: [
    ("SSL certificate problem: certificate has expired", "out of date"),
    (
      "server certificate verification failed: certificate expiration date has passed",
      "out of date"
    ),
    ("SSL certificate problem: certificate is not yet valid", "clock"),
    ("server certificate activation date has not yet arrived", "clock"),
    ("SSL: no alternative certificate subject name matches target host name 'a'", "another name"),
    ("certificate subject name (b) does not match target host name 'a'", "another name"),
    ("SSL certificate problem: unable to get local issuer certificate", "No authority"),
    ("SSL certificate problem: self-signed certificate in certificate chain", "No authority"),
    ("server certificate verification failed. CAfile: none CRLfile: none", "No authority"),
    ("error setting certificate file: /no/such.pem", "Check SSL_CERT_FILE"),
    ("error setting certificate verify locations:  CAfile: /no/such.pem", "Check SSL_CERT_FILE"),
    ("OpenSSL/3.0: error:0A00010B:SSL routines::wrong version number", "speak TLS on this port"),
    ("something nobody has heard of", "Check the certificates"),
  ])
  func wordsLeadToAdvice(reason: String, advice: String) {
    #expect(CurlError.advice(onTLS: reason).contains(advice))
  }
}
