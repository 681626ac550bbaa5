/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is proved of rules without any packet (rules/cover), in words: for coverage, and for the report. */
#ifndef REPLAY_FINDINGS_H
#define REPLAY_FINDINGS_H

#include "base/text.h"
#include "event/stream.h"
#include "rules/cover.h"

/* "can never match, everything that it would match is taken by filter INPUT 1 office.rules:9" */
void findings_print(const struct finding *finding, struct text *out);

/* EVENT_FINDING for each, where anybody wants it: to prove takes time. */
void findings_emit(const struct ruleset *ruleset, struct stream *stream);

#endif
