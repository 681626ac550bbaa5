/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where the capture, or each of several, was taken: what --captured-on says, else what is found from the first packets. */
#ifndef REPLAY_CAPTURED_ON_H
#define REPLAY_CAPTURED_ON_H

#include <stdbool.h>

#include "base/diag.h"
#include "base/text.h"
#include "host/vantage.h"
#include "replay/lookahead.h"
#include "replay/run_options.h"
#include "rules/ruleset.h"

struct captured_on {
	struct vantage_plan plan;
	const char **captures;		/* owned; of several: plan.captures */
	struct text words;		/* what is said of it; empty: nothing */
};

void captured_on_init(struct captured_on *captured_on);
void captured_on_clear(struct captured_on *captured_on);

/* `lookahead` holds the first packets. The options' topology is finished. False after an error. */
bool captured_on_find(struct captured_on *captured_on, const struct run_options *options, const struct ruleset *ruleset,
		      const struct lookahead *lookahead, struct diagnostics *diagnostics);

#endif
