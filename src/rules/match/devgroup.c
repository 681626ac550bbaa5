/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -m devgroup: groups of the interfaces. Linux 6.18, xt_devgroup.c: devgroup_mt(). Annotations (rules/annotation.h) tell them. */
#include "rules/match_parts.h"
#include "rules/named_value.h"

enum { SOURCE, DESTINATION };

#define NAME_OF_ZERO "default"		/* iproute2's group */
#define SOURCE_HOOKS (1 << HOOK_PREROUTING | 1 << HOOK_INPUT | 1 << HOOK_FORWARD)
#define DESTINATION_HOOKS (1 << HOOK_FORWARD | 1 << HOOK_OUTPUT | 1 << HOOK_POSTROUTING)

struct devgroup_config {
	struct option_marks marks;
	struct masked_value group[2];	/* by mark */
};

static bool parse_source(void *config, const struct argument *values, const struct extension_place *place,
			 struct diagnostics *diagnostics)
{
	(void)place;
	return named_value_parse(&((struct devgroup_config *)config)->group[SOURCE], values, NAME_OF_ZERO, diagnostics);
}

static bool parse_destination(void *config, const struct argument *values, const struct extension_place *place,
			      struct diagnostics *diagnostics)
{
	(void)place;
	return named_value_parse(&((struct devgroup_config *)config)->group[DESTINATION], values, NAME_OF_ZERO, diagnostics);
}

static void print_source(const void *config, struct text *out)
{
	text_append(out, "--src-group ");
	named_value_print(&((const struct devgroup_config *)config)->group[SOURCE], NAME_OF_ZERO, out);
}

static void print_destination(const void *config, struct text *out)
{
	text_append(out, "--dst-group ");
	named_value_print(&((const struct devgroup_config *)config)->group[DESTINATION], NAME_OF_ZERO, out);
}

static const struct option_spec options[] = {
	{ .name = "src-group", .kind = OPTION_CUSTOM, .n_values = 1, .flags = OPTION_INVERTIBLE, .mark = SOURCE,
	  .value_name = "value[/mask]", .parse = parse_source, .print = print_source,
	  .summary = "group of the interface that it came by: a number, or default for 0" },
	{ .name = "dst-group", .kind = OPTION_CUSTOM, .n_values = 1, .flags = OPTION_INVERTIBLE, .mark = DESTINATION,
	  .value_name = "value[/mask]", .parse = parse_destination, .print = print_destination,
	  .summary = "group of the interface that it leaves by" },
};

static bool check(void *config, const struct extension_place *place, struct diagnostics *diagnostics)
{
	static const uint32_t hooks[] = { [SOURCE] = SOURCE_HOOKS, [DESTINATION] = DESTINATION_HOOKS };
	static const char *const where[] = {
		[SOURCE] = "--src-group belongs to PREROUTING, INPUT and FORWARD",
		[DESTINATION] = "--dst-group belongs to FORWARD, OUTPUT and POSTROUTING",
	};

	for (unsigned mark = SOURCE; mark <= DESTINATION; mark++) {
		if (!options_is_seen(config, mark) || !(place->hooks & ~hooks[mark]))
			continue;
		diag_error(diagnostics, place->where, NULL, "%s", where[mark]);
		return false;
	}
	return match_parts_need_option(config, 1 << SOURCE | 1 << DESTINATION, "devgroup needs --src-group or --dst-group", place,
				       diagnostics);
}

static enum match_result side_holds(const struct devgroup_config *devgroup, unsigned mark, const struct subject *subject)
{
	struct annotation_value value;
	bool is_in;

	if (!options_is_seen(&devgroup->marks, mark))
		return MATCH_YES;
	if (!annotation_find(subject->annotations, subject->packet, mark == SOURCE ? ANNOTATION_IN_GROUP : ANNOTATION_OUT_GROUP, &value))
		return MATCH_UNKNOWN;
	is_in = !((devgroup->group[mark].value ^ value.number) & devgroup->group[mark].mask);
	return match_parts_holds(&devgroup->marks, mark, is_in) ? MATCH_YES : MATCH_NO;
}

static enum match_result eval(const void *config, void *state, const struct subject *subject)
{
	enum match_result source = side_holds(config, SOURCE, subject), destination = side_holds(config, DESTINATION, subject);

	(void)state;
	if (source == MATCH_NO || destination == MATCH_NO)
		return MATCH_NO;
	return source == MATCH_UNKNOWN ? source : destination;
}

static void list(const void *config, struct text *out)
{
	static const char *const titles[] = { " src-group", " dst-group" };
	const struct devgroup_config *devgroup = config;

	for (unsigned mark = SOURCE; mark <= DESTINATION; mark++) {
		const struct masked_value *group = &devgroup->group[mark];

		if (!options_is_seen(&devgroup->marks, mark))
			continue;
		text_printf(out, "%s%s 0x%x", options_is_inverted(&devgroup->marks, mark) ? " !" : "", titles[mark], group->value);
		if (group->mask != UINT32_MAX)
			text_printf(out, "/0x%x", group->mask);
	}
}

static void explain(const void *config, const struct subject *subject, struct text *out)
{
	for (unsigned mark = SOURCE; mark <= DESTINATION; mark++) {
		enum match_result result = side_holds(config, mark, subject);

		if (result == MATCH_YES)
			continue;
		options_print_option(&options[mark], config, out);
		text_append(out, result == MATCH_NO ? ": the interface is not in it" : ": nobody said which group the interface is in");
		return;
	}
}

const struct match_type match_devgroup = {
	.name = "devgroup",
	.summary = "group of the interface",
	.class = EXTENSION_FROM_CONTEXT,
	.basis = "annotations in-group, out-group",
	.families = EXTENSION_BOTH,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct devgroup_config),
	.check = check,
	.eval = eval,
	.list = list,
	.explain = explain,
};
