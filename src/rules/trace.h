/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What -j TRACE makes of a packet: EVENT_TRACE at the rules and chain ends that it comes to. Private to rules/. */
#ifndef RULES_TRACE_H
#define RULES_TRACE_H

#include "rules/program.h"
#include "rules/subject.h"

/* The rule matched, or is a chain's end; its target has not run. */
void trace_tell_match(const struct program *program, const struct rule_code *rule, const struct subject *subject);

/* Its target has run, or the packet was dropped before it could. */
void trace_tell_outcome(const struct program *program, const struct rule_code *rule, enum target_verdict verdict,
			const struct subject *subject);

#endif
