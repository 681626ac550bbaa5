/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Targets whose effect lies outside of the host's packets: that they ran is told, and the packet goes on. */
#ifndef RULES_SIDE_EFFECT_H
#define RULES_SIDE_EFFECT_H

#include "rules/subject.h"

/* EVENT_LOG of the rule at hand, with the words that say what was done (a prefix, a label); "" for none. */
void side_effect_tell(const struct subject *subject, const char *words);

#endif
