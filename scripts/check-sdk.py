#!/usr/bin/env python3
"""Asks `tryout simulate` through the official OpenAI SDK: what its client takes for an answer, a stream, usage and errors.

    check-sdk.py TRYOUT

Wants the package `openai`. Exit status 0 if everything holds, else 1 with what does not.
"""
import subprocess
import sys
import tempfile
from pathlib import Path

import openai

SCRIPT = """\
version: 1
key: lab-key-of-no-worth
models:
  quick: { first_token: 5ms, per_token: 1ms, cost_per_token: 0.000001 }
  thinker: { first_token: 5ms, per_token: 1ms }
  shut: { like: quick, blocked: true }
  gate: { like: quick, gated: true }
  full: { like: quick, faults: [{ kind: rate_limit }] }
  broken: { like: quick, faults: [{ kind: server_error }] }
  long: { like: quick, faults: [{ kind: context_length }] }
  breaks: { like: quick, faults: [{ kind: stream_error, after: 1 }] }
  v1: { like: quick, usage: always, usage_chunk: null_finish, comments: 3 }
  v3: { like: quick, usage: always, usage_chunk: repeated_finish }
  padded: { like: quick, padding: 5 }
"""

MESSAGES = [{"role": "user", "content": "capital of Peru"}]


def main(tryout):
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "script.yaml"
        script.write_text(SCRIPT)
        command = [tryout, "simulate", "--script", str(script)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            try:
                return check(server.stdout.readline().strip())
            finally:
                server.terminate()


def check(url):
    client = openai.OpenAI(base_url=url, api_key="lab-key-of-no-worth", max_retries=0)
    ask = client.chat.completions.create
    failed = []

    def expect(what, holds):
        print(("ok    " if holds else "WRONG ") + what)
        if not holds:
            failed.append(what)

    def refused(what, kind, call):
        try:
            call()
        except kind as error:
            expect(f"{what}: {kind.__name__}", True)
            return error
        except openai.OpenAIError as error:
            expect(f"{what}: {kind.__name__} and not {type(error).__name__}", False)
        else:
            expect(f"{what}: {kind.__name__} and not an answer", False)

    answer = ask(model="quick", messages=MESSAGES)
    expect("an answer in one piece", answer.choices[0].message.content == "Lima")
    expect("its finish reason", answer.choices[0].finish_reason == "stop")
    expect("its usage adds up", answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens)
    expect("white space before an answer", ask(model="padded", messages=MESSAGES).choices[0].message.content == "Lima")
    expect("a short answer", ask(model="thinker", messages=MESSAGES, max_tokens=3).choices[0].finish_reason == "length")

    for model, options in [("quick", {"stream_options": {"include_usage": True}}), ("v1", {}), ("v3", {})]:
        chunks = list(ask(model=model, messages=MESSAGES, stream=True, **options))
        text = "".join(c.choices[0].delta.content or "" for c in chunks if c.choices)
        reasons = {c.choices[0].finish_reason for c in chunks if c.choices} - {None}
        expect(f"a stream of {model}", text == "Lima" and reasons == {"stop"})
        expect(f"its usage, once and last", [bool(c.usage) for c in chunks] == [False] * (len(chunks) - 1) + [True])
    chunks = list(ask(model="quick", messages=MESSAGES, stream=True))
    expect("no usage that was not asked for", not any(c.usage for c in chunks))

    stranger = openai.OpenAI(base_url=url, api_key="another", max_retries=0)
    refused("a wrong key", openai.AuthenticationError, lambda: stranger.chat.completions.create(
        model="quick", messages=MESSAGES))
    refused("a model that is gone", openai.NotFoundError, lambda: ask(model="nobody", messages=MESSAGES))
    refused("a privacy setting", openai.NotFoundError, lambda: ask(model="shut", messages=MESSAGES))
    refused("a gate", openai.PermissionDeniedError, lambda: ask(model="gate", messages=MESSAGES))
    full = refused("a full pool", openai.RateLimitError, lambda: ask(model="full", messages=MESSAGES))
    expect("its Retry-After", full is not None and full.response.headers["retry-after"] == "1")
    refused("a server's fault", openai.InternalServerError, lambda: ask(model="broken", messages=MESSAGES))
    refused("a prompt that is too long", openai.BadRequestError, lambda: ask(model="long", messages=MESSAGES))
    refused("an error inside a stream", openai.APIError, lambda: list(ask(
        model="breaks", messages=[{"role": "user", "content": "exactly: one two three four"}], stream=True)))

    ids = [model.id for model in client.models.list()]
    expect("the list of models", "quick" in ids and "padded" in ids)
    print(f"{len(failed)} of the SDK's expectations failed (openai {openai.__version__})")
    return 1 if failed else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
