/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -m physdev: bridge ports. Linux 6.18, xt_physdev.c: physdev_mt(). Annotations (rules/annotation.h) tell them. */
#include <string.h>

#include "rules/match_parts.h"

enum { IN, OUT, IS_IN, IS_OUT, IS_BRIDGED };

enum { NAME_LONGEST = 15 };

struct physdev_config {
	struct option_marks marks;
	char in[NAME_LONGEST + 1], out[NAME_LONGEST + 1];
};

/* iptables-save puts no quotes around the names. */
static void print_in(const void *config, struct text *out)
{
	text_printf(out, "--physdev-in %s", ((const struct physdev_config *)config)->in);
}

static void print_out(const void *config, struct text *out)
{
	text_printf(out, "--physdev-out %s", ((const struct physdev_config *)config)->out);
}

/* In the order in which they are printed. */
static const struct option_spec options[] = {
	{ .name = "physdev-is-in", .kind = OPTION_FLAG, .flags = OPTION_INVERTIBLE, .mark = IS_IN, .summary = "it came by a bridge port" },
	{ .name = "physdev-in", .kind = OPTION_STRING, .flags = OPTION_INVERTIBLE, .mark = IN,
	  .offset = offsetof(struct physdev_config, in), .max = NAME_LONGEST, .value_name = "port", .print = print_in,
	  .summary = "it came by this one; a name that ends with + stands for all that begin so" },
	{ .name = "physdev-is-out", .kind = OPTION_FLAG, .flags = OPTION_INVERTIBLE, .mark = IS_OUT, .summary = "it leaves by a bridge port" },
	{ .name = "physdev-out", .kind = OPTION_STRING, .flags = OPTION_INVERTIBLE, .mark = OUT,
	  .offset = offsetof(struct physdev_config, out), .max = NAME_LONGEST, .value_name = "port", .print = print_out,
	  .summary = "it leaves by this one" },
	{ .name = "physdev-is-bridged", .kind = OPTION_FLAG, .flags = OPTION_INVERTIBLE, .mark = IS_BRIDGED,
	  .summary = "it is bridged, not routed" },
};

static bool check(void *config, const struct extension_place *place, struct diagnostics *diagnostics)
{
	const struct option_marks *marks = config;
	bool asks_out = options_is_seen(marks, OUT) || options_is_seen(marks, IS_OUT);
	bool is_bridged = options_is_seen(marks, IS_BRIDGED) && !options_is_inverted(marks, IS_BRIDGED);

	if (asks_out && !is_bridged && (place->hooks & 1 << HOOK_OUTPUT)) {
		diag_error(diagnostics, place->where, "FORWARD and POSTROUTING know it, with --physdev-is-bridged",
			   "OUTPUT does not know the port that a packet will leave by");
		return false;
	}
	return match_parts_need_option(config, UINT32_MAX, "physdev needs one of its options", place, diagnostics);
}

static bool is_port(const char *port, const char *wanted)
{
	size_t len = strlen(wanted);

	if (len && wanted[len - 1] == '+')
		return strncmp(port, wanted, len - 1) == 0;
	return strcmp(port, wanted) == 0;
}

/* NULL: it did not come, or does not leave, by one. False when nobody told. */
static bool find_port(const struct subject *subject, enum annotation annotation, const char **port)
{
	struct annotation_value value;

	*port = NULL;
	if (!annotation_find(subject->annotations, subject->packet, annotation, &value))
		return false;
	if (value.text[0])
		*port = value.text;
	return true;
}

/* The kernel's own order and oddities: without an inbound port --physdev-in holds, without an outbound one --physdev-out fails. */
static bool bridged_holds(const struct physdev_config *physdev, const char *in, const char *out)
{
	const struct option_marks *marks = &physdev->marks;

	if (!match_parts_option_holds(marks, IS_BRIDGED, out != NULL) || !match_parts_option_holds(marks, IS_IN, in != NULL) ||
	    !match_parts_option_holds(marks, IS_OUT, out != NULL))
		return false;
	if (in && !match_parts_option_holds(marks, IN, is_port(in, physdev->in)))
		return false;
	if (!options_is_seen(marks, OUT))
		return true;
	return out && match_parts_holds(marks, OUT, is_port(out, physdev->out));
}

static enum match_result eval(const void *config, void *state, const struct subject *subject)
{
	const struct physdev_config *physdev = config;
	const char *in, *out;
	bool knows_in = find_port(subject, ANNOTATION_PHYSDEV_IN, &in), knows_out = find_port(subject, ANNOTATION_PHYSDEV_OUT, &out);

	(void)state;
	if (!knows_in && !knows_out)
		return MATCH_UNKNOWN;
	/* A packet that has nothing to do with a bridge matches when all that is asked is inverted. */
	if (!in && !out)
		return physdev->marks.seen == physdev->marks.inverted ? MATCH_YES : MATCH_NO;
	return bridged_holds(physdev, in, out) ? MATCH_YES : MATCH_NO;
}

static void list(const void *config, struct text *out)
{
	text_append(out, " PHYSDEV match");
	options_print(options, sizeof(options) / sizeof(options[0]), config, out);
}

static void explain(const void *config, const struct subject *subject, struct text *out)
{
	const char *in, *leaves;
	bool knows_in = find_port(subject, ANNOTATION_PHYSDEV_IN, &in), knows_out = find_port(subject, ANNOTATION_PHYSDEV_OUT, &leaves);

	(void)config;
	if (!knows_in && !knows_out)
		text_append(out, "physdev: nobody said whether the packet has to do with a bridge");
	else
		text_printf(out, "physdev: the packet came by %s and leaves by %s", in ? in : "no bridge port",
			    leaves ? leaves : "no bridge port");
}

const struct match_type match_physdev = {
	.name = "physdev",
	.summary = "bridge port",
	.class = EXTENSION_FROM_CONTEXT,
	.basis = "annotations physdev-in, physdev-out",
	.families = EXTENSION_BOTH,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct physdev_config),
	.check = check,
	.eval = eval,
	.list = list,
	.explain = explain,
};
