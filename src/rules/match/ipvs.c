/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * -m ipvs: does the packet belong to a connection of IPVS, the load balancer, and to which? Linux 6.18, xt_ipvs.c: ipvs_mt(). An
 * annotation (rules/annotation.h) tells whether it does; of which service it is nobody tells.
 */
#include <string.h>

#include "rules/match_parts.h"

enum { IPVS, VPROTO, VADDR, VPORT, VDIR, VMETHOD, VPORTCTL };

struct ipvs_config {
	struct option_marks marks;
	uint32_t direction, method;
	struct option_address address;
	struct number_range port, control_port;
	uint8_t protocol;
};

static bool parse_protocol(void *config, const struct argument *values, const struct extension_place *place,
			   struct diagnostics *diagnostics)
{
	const char *at = values->text;
	struct option_word word;

	(void)place;
	options_next_word(values, &at, '\0', &word);
	return options_parse_protocol(&word, &((struct ipvs_config *)config)->protocol, diagnostics);
}

static void print_protocol(const void *config, struct text *out)
{
	text_printf(out, "--vproto %u", ((const struct ipvs_config *)config)->protocol);
}

static const struct option_name directions[] = { { "ORIGINAL", 0 }, { "REPLY", 1 }, { NULL, 0 } };
static const struct option_name methods[] = { { "GATE", 0 }, { "IPIP", 1 }, { "MASQ", 2 }, { NULL, 0 } };

static const struct option_spec options[] = {
	{ .name = "ipvs", .kind = OPTION_FLAG, .flags = OPTION_INVERTIBLE, .mark = IPVS, .summary = "it belongs to one" },
	{ .name = "vproto", .kind = OPTION_CUSTOM, .n_values = 1, .flags = OPTION_INVERTIBLE, .mark = VPROTO, .value_name = "protocol",
	  .parse = parse_protocol, .print = print_protocol, .summary = "protocol of the virtual service" },
	{ .name = "vaddr", .kind = OPTION_ADDRESS, .flags = OPTION_INVERTIBLE, .mark = VADDR,
	  .offset = offsetof(struct ipvs_config, address), .value_name = "address[/mask]", .summary = "its address" },
	{ .name = "vport", .kind = OPTION_PORT_RANGE, .flags = OPTION_INVERTIBLE | OPTION_SINGLE, .mark = VPORT,
	  .offset = offsetof(struct ipvs_config, port), .value_name = "port", .summary = "its port" },
	{ .name = "vdir", .kind = OPTION_NAME, .mark = VDIR, .offset = offsetof(struct ipvs_config, direction), .names = directions,
	  .value_name = "ORIGINAL|REPLY", .summary = "the packet's direction" },
	{ .name = "vmethod", .kind = OPTION_NAME, .flags = OPTION_INVERTIBLE, .mark = VMETHOD,
	  .offset = offsetof(struct ipvs_config, method), .names = methods, .value_name = "GATE|IPIP|MASQ",
	  .summary = "how it is forwarded" },
	{ .name = "vportctl", .kind = OPTION_PORT_RANGE, .flags = OPTION_INVERTIBLE | OPTION_SINGLE, .mark = VPORTCTL,
	  .offset = offsetof(struct ipvs_config, control_port), .value_name = "port",
	  .summary = "port of the service of the connection that controls this one" },
};

enum { N_OPTIONS = sizeof(options) / sizeof(options[0]) };

static bool asks_for_more(const struct option_marks *marks)
{
	return (marks->seen & ~(1u << IPVS)) != 0;
}

static bool check(void *config, const struct extension_place *place, struct diagnostics *diagnostics)
{
	struct option_marks *marks = config;

	if (!match_parts_need_option(config, (1 << N_OPTIONS) - 1, "ipvs needs an option", place, diagnostics))
		return false;
	if (!asks_for_more(marks))
		return true;
	if (options_is_inverted(marks, IPVS)) {
		diag_error(diagnostics, place->where, NULL, "! --ipvs cannot stand beside other options of ipvs");
		return false;
	}
	marks->seen &= ~(1u << IPVS);		/* the others say it already */
	return true;
}

static enum match_result eval(const void *config, void *state, const struct subject *subject)
{
	struct annotation_value value;

	(void)state;
	if (!annotation_find(subject->annotations, subject->packet, ANNOTATION_IPVS, &value))
		return MATCH_UNKNOWN;
	if (!asks_for_more(config))
		return match_parts_holds(config, IPVS, value.number == ANNOTATION_IPVS_YES) ? MATCH_YES : MATCH_NO;
	return value.number == ANNOTATION_IPVS_YES ? MATCH_UNKNOWN : MATCH_NO;
}

static void list(const void *config, struct text *out)
{
	static const char *const words[] = { "ipvs", "vproto", "vaddr", "vport", "vdir", "vmethod", "vportctl" };

	for (unsigned i = 0; i < N_OPTIONS; i++) {
		struct text option;

		if (!options_is_seen(config, i))
			continue;
		text_init(&option);
		options_print_option(&options[i], config, &option);
		text_printf(out, " %s%s", options_is_inverted(config, i) ? "! " : "", words[i]);
		text_append(out, text_string(&option) + strcspn(text_string(&option), "-") + 2 + strlen(words[i]));
		text_clear(&option);
	}
}

static void explain(const void *config, const struct subject *subject, struct text *out)
{
	struct annotation_value value;

	if (!annotation_find(subject->annotations, subject->packet, ANNOTATION_IPVS, &value))
		text_append(out, "ipvs: nobody said whether the packet belongs to a connection of IPVS");
	else if (value.number == ANNOTATION_IPVS_NONE)
		text_append(out, "ipvs: it belongs to no connection of IPVS");
	else
		text_append(out, asks_for_more(config) ? "ipvs: nobody said to which service it belongs"
						       : "ipvs: it belongs to a connection of IPVS");
}

const struct match_type match_ipvs = {
	.name = "ipvs",
	.summary = "does the packet belong to a connection of IPVS",
	.class = EXTENSION_FROM_CONTEXT,
	.basis = "annotation ipvs; the reference kernel is built without it",
	.families = EXTENSION_BOTH,
	.options = options,
	.n_options = N_OPTIONS,
	.config_size = sizeof(struct ipvs_config),
	.check = check,
	.eval = eval,
	.list = list,
	.explain = explain,
};
