/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -m state: the packet's connection tracking state. iptables 1.8.9 loads xt_conntrack for it: conntrack_mt(). */
#include "rules/ctstate_names.h"
#include "rules/match_parts.h"

enum { STATE };

struct state_config {
	struct option_marks marks;
	uint32_t states;		/* enum ctstate_bit */
};

static const struct option_spec options[] = {
	{ .name = "state", .kind = OPTION_NAME_SET, .flags = OPTION_INVERTIBLE | OPTION_REQUIRED | OPTION_NAME_PREFIX,
	  .mark = STATE, .field = FIELD_CTSTATE, .offset = offsetof(struct state_config, states), .names = ctstate_names,
	  .value_name = "state[,state]", .summary = "the packet's state is one of these" },
};

static enum match_result eval(const void *config, void *state, const struct subject *subject)
{
	const struct state_config *wanted = config;
	bool is_in = (wanted->states & ctstate_bit(subject)) != 0;

	(void)state;
	return match_parts_holds(&wanted->marks, STATE, is_in) ? MATCH_YES : MATCH_NO;
}

static void list(const void *config, struct text *out)
{
	const struct state_config *wanted = config;

	text_append(out, options_is_inverted(&wanted->marks, STATE) ? " ! state " : " state ");
	match_parts_print_set(ctstate_names, wanted->states, out);
}

static void explain(const void *config, const struct subject *subject, struct text *out)
{
	options_print_option(&options[0], config, out);
	text_append(out, ": packet is ");
	match_parts_print_set(ctstate_names, ctstate_bit(subject), out);
}

const struct match_type match_state = {
	.name = "state",
	.summary = "state of the packet's connection",
	.class = EXTENSION_EXACT,
	.families = EXTENSION_BOTH,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct state_config),
	.eval = eval,
	.flow_scope = match_parts_settled,
	.list = list,
	.explain = explain,
};
