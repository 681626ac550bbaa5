/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/hop_test.h"

static bool holds(const struct hop_config *config, uint8_t hops)
{
	if (options_is_seen(&config->marks, HOP_LESS))
		return hops < config->value;
	if (options_is_seen(&config->marks, HOP_GREATER))
		return hops > config->value;
	return match_parts_holds(&config->marks, HOP_EQUAL, hops == config->value);
}

enum match_result hop_test_eval(const void *config, void *state, const struct subject *subject)
{
	(void)state;
	return holds(config, subject->packet->ttl) ? MATCH_YES : MATCH_NO;
}

void hop_test_list(const struct hop_config *config, const char *title, struct text *out)
{
	const char *operator = options_is_inverted(&config->marks, HOP_EQUAL) ? "!=" : "==";

	if (options_is_seen(&config->marks, HOP_LESS))
		operator = "<";
	else if (options_is_seen(&config->marks, HOP_GREATER))
		operator = ">";
	text_printf(out, " %s match %s %s %u", title, title, operator, config->value);
}

void hop_test_explain(const struct hop_config *config, const struct option_spec *options, uint8_t hops, struct text *out)
{
	unsigned mark = HOP_EQUAL;

	while (!options_is_seen(&config->marks, mark) && mark < HOP_GREATER)
		mark++;
	match_parts_explain_option(&options[mark], config, out);
	text_append_u64(out, hops);
}
