/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "replay/findings.h"

#include "sink/packet_words.h"

void findings_print(const struct finding *finding, struct text *out)
{
	switch (finding->kind) {
	case FINDING_SHADOWED:
		text_append(out, "can never match, everything that it would match is taken by ");
		break;
	case FINDING_IMPOSSIBLE:
		text_append(out, "can never match, its conditions contradict each other");
		break;
	case FINDING_REDUNDANT:
		text_append(out, "makes no difference, the same is done by ");
		break;
	}
	for (size_t i = 0; i < finding->n_by; i++) {
		text_append(out, i ? ", " : "");
		packet_words_print_place(finding->by[i], out);
	}
}

static void emit(void *stream, const struct finding *finding)
{
	struct event event = { .kind = EVENT_FINDING, .finding = { .rule = finding->rule } };
	struct text words;

	text_init(&words);
	findings_print(finding, &words);
	event.finding.words = text_string(&words);
	event.finding.is_useless = finding->kind != FINDING_REDUNDANT;
	stream_emit(stream, &event);
	text_clear(&words);
}

void findings_emit(const struct ruleset *ruleset, struct stream *stream)
{
	struct event event = { .kind = EVENT_WARNING, .warning = { .text = cover_partial } };

	if (stream_wants(stream, EVENT_FINDING) && !ruleset_find_useless(ruleset, emit, stream))
		stream_emit(stream, &event);
}
