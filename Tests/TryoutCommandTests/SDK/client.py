"""Asks `tryout simulate` as applications do, and prints what the SDK made of it, a JSON object."""

import json
import sys

import openai

client = openai.OpenAI(base_url=sys.argv[1], api_key=sys.argv[2], max_retries=0, timeout=20)
PROMPT = [{"role": "user", "content": "What is the capital of Peru?"}]


def error(model, stream=False, **options):
    """How the SDK types a failure."""
    asked = client.with_options(**options)
    try:
        answer = asked.chat.completions.create(model=model, messages=PROMPT, stream=stream)
        if stream:
            for _ in answer:
                pass
    except openai.APIStatusError as failure:
        return {
            "type": type(failure).__name__,
            "status": failure.status_code,
            "message": failure.message,
            "retry_after": failure.response.headers.get("retry-after"),
        }
    except openai.APIError as failure:
        return {"type": type(failure).__name__, "message": failure.message}
    except Exception as failure:
        return {"type": type(failure).__name__}
    return None


def chat():
    answer = client.chat.completions.create(
        model="quick", messages=PROMPT, max_completion_tokens=50, temperature=0
    )
    return {
        "text": answer.choices[0].message.content,
        "finish": answer.choices[0].finish_reason,
        "model": answer.model,
        "object": answer.object,
        "prompt_tokens": answer.usage.prompt_tokens,
        "completion_tokens": answer.usage.completion_tokens,
        "total_tokens": answer.usage.total_tokens,
    }


def stream(usage):
    options = {"stream_options": {"include_usage": True}} if usage else {}
    text, finish, told = "", None, None
    for chunk in client.chat.completions.create(
        model="quick",
        messages=[{"role": "user", "content": "Repeat exactly: one two three"}],
        stream=True,
        **options,
    ):
        told = chunk.usage or told
        if chunk.choices:
            text += chunk.choices[0].delta.content or ""
            finish = chunk.choices[0].finish_reason or finish
    return {"text": text, "finish": finish, "completion_tokens": told and told.completion_tokens}


def thinking():
    answer = client.chat.completions.create(model="thinker", messages=PROMPT)
    return answer.usage.completion_tokens_details.reasoning_tokens


print(
    json.dumps(
        {
            "models": sorted(model.id for model in client.models.list()),
            "chat": chat(),
            "stream": stream(usage=True),
            "unasked": stream(usage=False),
            "thinking": thinking(),
            "errors": {
                "auth": error("quick", api_key="sk-wrong"),
                "gone": error("nobody"),
                "limit": error("limited"),
                "server": error("broken"),
                "context": error("short"),
                "credit": error("broke"),
                "moderated": error("prude"),
                "stream": error("talker", stream=True),
                "cut": error("cutter", stream=True),
                "late": error("sleeper", timeout=0.5),
                "absent": error("quick", base_url="http://127.0.0.1:1/v1"),
            },
        }
    )
)
