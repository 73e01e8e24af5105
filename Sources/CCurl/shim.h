#ifndef TRYOUT_CCURL_SHIM_H
#define TRYOUT_CCURL_SHIM_H

// Swift cannot call variadic C functions, so each kind of argument has a form of its own here.
// Nothing else belongs into this header.

#include <curl/curl.h>
#include <dlfcn.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __linux__
// What an event loop around libcurl needs and the Glibc module lacks.
#include <malloc.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#endif

#pragma clang assume_nonnull begin

// --- curl_easy_setopt ---

static inline CURLcode curl_easy_setopt_long(CURL *easy, CURLoption option, long value) {
  return curl_easy_setopt(easy, option, value);
}

static inline CURLcode curl_easy_setopt_offset(CURL *easy, CURLoption option, curl_off_t value) {
  return curl_easy_setopt(easy, option, value);
}

static inline CURLcode curl_easy_setopt_string(CURL *easy, CURLoption option, const char *value) {
  return curl_easy_setopt(easy, option, value);
}

static inline CURLcode curl_easy_setopt_pointer(
    CURL *easy, CURLoption option, const void *_Nullable value) {
  return curl_easy_setopt(easy, option, value);
}

static inline CURLcode curl_easy_setopt_list(
    CURL *easy, CURLoption option, struct curl_slist *_Nullable value) {
  return curl_easy_setopt(easy, option, value);
}

/// For both CURLOPT_WRITEFUNCTION and CURLOPT_HEADERFUNCTION.
static inline CURLcode curl_easy_setopt_write(
    CURL *easy, CURLoption option, curl_write_callback value) {
  return curl_easy_setopt(easy, option, value);
}

static inline CURLcode curl_easy_setopt_prereq(CURL *easy, curl_prereq_callback value) {
  return curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, value);
}

/// Restricts a handle to http and https, by name where libcurl knows names (7.85), else by bits.
static inline CURLcode curl_easy_setopt_http_only(CURL *easy) {
#if LIBCURL_VERSION_NUM >= 0x075500
  CURLcode code = curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  if (code != CURLE_UNKNOWN_OPTION) return code;
#endif
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wdeprecated-declarations"
  return curl_easy_setopt(easy, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#pragma clang diagnostic pop
}

// --- curl_easy_getinfo: zero or null where libcurl does not know ---

static inline long curl_easy_getinfo_long(CURL *easy, CURLINFO info) {
  long value = 0;
  curl_easy_getinfo(easy, info, &value);
  return value;
}

static inline int64_t curl_easy_getinfo_offset(CURL *easy, CURLINFO info) {
  curl_off_t value = 0;
  curl_easy_getinfo(easy, info, &value);
  return value;
}

static inline void *_Nullable curl_easy_getinfo_private(CURL *easy) {
  char *value = NULL;
  curl_easy_getinfo(easy, CURLINFO_PRIVATE, &value);
  return value;
}

/// The file of certificates that libcurl trusts by itself; null where it has none or does not tell (before 7.84).
static inline const char *_Nullable curl_easy_default_certificates(CURL *easy) {
#if LIBCURL_VERSION_NUM >= 0x075400
  char *path = NULL;
  if (curl_easy_getinfo(easy, CURLINFO_CAINFO, &path) == CURLE_OK) return path;
#endif
  return NULL;
}

/// Whether libcurl also looks for certificates in a directory by itself.
static inline bool curl_easy_has_certificate_directory(CURL *easy) {
#if LIBCURL_VERSION_NUM >= 0x075400
  char *path = NULL;
  if (curl_easy_getinfo(easy, CURLINFO_CAPATH, &path) == CURLE_OK) return path != NULL;
#endif
  return false;
}

// --- curl_multi_setopt ---

static inline CURLMcode curl_multi_setopt_long(CURLM *multi, CURLMoption option, long value) {
  return curl_multi_setopt(multi, option, value);
}

static inline CURLMcode curl_multi_setopt_pointer(
    CURLM *multi, CURLMoption option, void *_Nullable value) {
  return curl_multi_setopt(multi, option, value);
}

static inline CURLMcode curl_multi_setopt_socket(CURLM *multi, curl_socket_callback value) {
  return curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, value);
}

static inline CURLMcode curl_multi_setopt_timer(CURLM *multi, curl_multi_timer_callback value) {
  return curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, value);
}

// --- curl_share_setopt ---

/// The share keeps TLS sessions for all handles that use it, which must be of one thread.
static inline CURLSHcode curl_share_setopt_sessions(CURLSH *share) {
  return curl_share_setopt(share, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
}

// --- What Swift cannot read otherwise: unions, casts in macros ---

/// The next finished transfer and its result; null when there is none.
static inline CURL *_Nullable curl_multi_next_done(CURLM *multi, CURLcode *result) {
  int left;
  CURLMsg *message;
  while ((message = curl_multi_info_read(multi, &left))) {
    if (message->msg != CURLMSG_DONE) continue;
    *result = message->data.result;
    return message->easy_handle;
  }
  return NULL;
}

/// CURL_SOCKET_TIMEOUT, which is a macro with a cast.
static const curl_socket_t curl_socket_timeout = CURL_SOCKET_TIMEOUT;

/// The facts of the loaded library; CURLVERSION_NOW is a macro for an enumerator.
static inline const curl_version_info_data *curl_version_info_now(void) {
  return curl_version_info(CURLVERSION_NOW);
}

/// Keeps OpenSSL from tidying up at exit, which races with threads that still use it. Call before
/// curl_global_init; does nothing where another TLS library is used.
static inline void curl_tls_skip_exit_handler(void) {
  typedef int (*initialise)(uint64_t options, const void *_Nullable settings);
  const uint64_t no_atexit = 0x00080000;  // OPENSSL_INIT_NO_ATEXIT
  void *program = dlopen(NULL, RTLD_LAZY);
  if (!program) return;
  initialise function = (initialise)dlsym(program, "OPENSSL_init_crypto");
  if (function) function(no_atexit, NULL);
  dlclose(program);
}

/// Whether the connection took up an earlier TLS session: 1 or 0, or -1 without TLS and where nobody tells.
///
/// libcurl keeps no such fact. OpenSSL does, and is asked by name, since nothing here links it. Only while a transfer
/// has its connection, so in a callback.
static inline int curl_easy_tls_resumed(CURL *easy) {
  typedef int (*ask)(const void *session);
  struct curl_tlssessioninfo *tls = NULL;
  if (curl_easy_getinfo(easy, CURLINFO_TLS_SSL_PTR, &tls) != CURLE_OK || !tls) return -1;
  if (tls->backend != CURLSSLBACKEND_OPENSSL || !tls->internals) return -1;
  void *program = dlopen(NULL, RTLD_LAZY);
  if (!program) return -1;
  ask function = (ask)dlsym(program, "SSL_session_reused");
  int resumed = function ? function(tls->internals) : -1;
  dlclose(program);
  return resumed;
}

#pragma clang assume_nonnull end

#endif
