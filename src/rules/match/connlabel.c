/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * -m connlabel: a label of the packet's connection, and --set, which sets it. Linux 6.18, xt_connlabel.c: connlabel_mt().
 *
 * Labels are bits, 0 to 127. Names for them stand in a connlabel.conf of the machine where iptables runs, which nobody reads here:
 * they are numbers, as iptables prints them where that file gives a bit no name.
 */
#include "event/event.h"
#include "rules/match_parts.h"

enum { LABEL, SET };

struct connlabel_config {
	struct option_marks marks;
	uint32_t bit;
};

static bool parse_label(void *config, const struct argument *values, const struct extension_place *place,
			struct diagnostics *diagnostics)
{
	const char *at = values->text;
	struct option_word word;

	(void)place;
	options_next_word(values, &at, '\0', &word);
	if (*word.text < '0' || *word.text > '9') {
		diag_error(diagnostics, word.where, "names stand in the connlabel.conf of a machine; write the number of the label",
			   "\"%s\" is no label from 0 to %d", word.text, ENTRY_LABELS - 1);
		return false;
	}
	return options_parse_number(&word, 0, ENTRY_LABELS - 1, &((struct connlabel_config *)config)->bit, diagnostics);
}

static void print_label(const void *config, struct text *out)
{
	text_printf(out, "--label \"%u\"", ((const struct connlabel_config *)config)->bit);
}

static const struct option_spec options[] = {
	{ .name = "label", .kind = OPTION_CUSTOM, .n_values = 1, .flags = OPTION_INVERTIBLE | OPTION_REQUIRED, .mark = LABEL,
	  .value_name = "number", .parse = parse_label, .print = print_label, .summary = "the connection has this label" },
	{ .name = "set", .kind = OPTION_FLAG, .mark = SET, .summary = "set the label first" },
};

static bool has_label(const struct connection *connection, uint32_t bit)
{
	const struct connection_extra *extra = connection_extra(connection);

	return extra && extra->labels[bit / 64] >> bit % 64 & 1;
}

static enum match_result eval(const void *config, void *state, const struct subject *subject)
{
	const struct connlabel_config *connlabel = config;
	const struct connection *connection = subject->tracking->connection;
	bool holds = connection && has_label(connection, connlabel->bit);

	(void)state;
	if (connection && !holds && options_is_seen(&connlabel->marks, SET)) {
		subject->connections->set_label(subject->connections, subject->tracking, connlabel->bit);
		holds = true;
	}
	return match_parts_holds(&connlabel->marks, LABEL, holds) ? MATCH_YES : MATCH_NO;
}

static void list(const void *config, struct text *out)
{
	const struct connlabel_config *connlabel = config;

	text_printf(out, " connlabel %s%u%s", options_is_inverted(&connlabel->marks, LABEL) ? "! " : "", connlabel->bit,
		    options_is_seen(&connlabel->marks, SET) ? " set" : "");
}

static void explain(const void *config, const struct subject *subject, struct text *out)
{
	options_print_option(&options[0], config, out);
	text_append(out, subject->tracking->connection ? ": connection does not have it" : ": packet has no entry");
}

const struct match_type match_connlabel = {
	.name = "connlabel",
	.summary = "a label of the connection, and setting it",
	.class = EXTENSION_EXACT,
	.families = EXTENSION_BOTH,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct connlabel_config),
	.eval = eval,
	.leaves_traces = true,
	.list = list,
	.explain = explain,
};
