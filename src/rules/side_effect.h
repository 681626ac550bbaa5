/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Targets whose effect lies outside of the host's packets: that they ran is told, and the packet goes on. */
#ifndef RULES_SIDE_EFFECT_H
#define RULES_SIDE_EFFECT_H

#include "event/event.h"
#include "rules/subject.h"

/* EVENT_LOG of the rule at hand, with the words that say what was done (a prefix, a label); "" for none. */
void side_effect_tell(const struct subject *subject, const char *words);

/* The packet at the rule at hand, as EVENT_LOG and EVENT_TRACE show it. */
void side_effect_describe(const struct subject *subject, struct event_log *log);

/* Whose process sent it, where an annotation tells and the kernel would know. */
void side_effect_add_user(const struct subject *subject, struct event_log *log);

#endif
