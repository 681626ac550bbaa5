/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The commands, and what `ctreplay COMMAND --help` says of one. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "cli/cli.h"
#include "replay/options.h"

enum { TOPICS_WIDTH = 70 };

const struct command *const commands[] = {
	&command_run,
	&command_explain,
	&command_diagram,
	&command_report,
	&command_step,
	&command_check,
	&command_format,
	&command_list,
	&command_test,
	&command_diff,
	&command_coverage,
	&command_verify,
	&command_craft,
	&command_lab,
	NULL,
};

const struct command *commands_find(const char *name)
{
	const struct command *const *command = commands;

	while (*command && strcmp((*command)->name, name) != 0)
		command++;
	return *command;
}

enum exit_code commands_refuse(const char *name)
{
	const char **names = NULL, *nearest;
	size_t n = 0;

	for (; commands[n]; n++) {
		names = alloc_resize(names, n + 1, sizeof(*names));
		names[n] = commands[n]->name;
	}
	nearest = diag_nearest(name, names, n);
	if (nearest)
		cli_complain("unknown command '%s'; did you mean '%s'?", name, nearest);
	else
		cli_complain("unknown command '%s'; `ctreplay --help` lists them", name);
	free(names);
	return EXIT_BAD_INPUT;
}

const struct command *commands_inherited(const struct command *command)
{
	const struct command *const *other = commands;

	while (*other && (*other)->options != command->options->inherited)
		other++;
	return *other;
}

static void print_topics(const struct command *command, struct text *out)
{
	const char *topic;
	size_t start = out->len;

	text_append(out, "  TOPIC is one of");
	for (size_t i = 0; (topic = command->topic(i)) != NULL; i++) {
		if (out->len - start > TOPICS_WIDTH) {
			text_append(out, ",\n   ");
			start = out->len;
		} else if (i) {
			text_append_char(out, ',');
		}
		text_printf(out, " %s", topic);
	}
	text_append_char(out, '\n');
}

enum exit_code cli_print_help(const struct command *command)
{
	const struct command *inherited = commands_inherited(command);
	enum exit_code code;
	struct text text;

	text_init(&text);
	text_printf(&text, "usage: ctreplay %s %s\n%s\n\n", command->name, command->synopsis, command->summary);
	cli_options_print(command->options, &text);
	if (command->topic)
		print_topics(command, &text);
	if (inherited) {
		text_printf(&text, "\nand the options of `ctreplay %s`:\n", inherited->name);
		cli_options_print_names(inherited->options, command->options, &text);
	}
	text_printf(&text, "\n`ctreplay help %s` tells more.\n", command->name);
	code = cli_print(&text);
	text_clear(&text);
	return code;
}
