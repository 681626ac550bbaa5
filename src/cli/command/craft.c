/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ctreplay craft: a capture made from a readable script. */
#include <stdio.h>
#include <string.h>

#include "capture/script.h"
#include "capture/writer.h"
#include "cli/cli.h"
#include "replay/options.h"
#include "replay/rules_files.h"

static const char standard_output[] = "-";

struct craft_options {
	const char *script;
	const char *capture;
};

static bool store_script(void *target, const char *word, struct diagnostics *diagnostics)
{
	struct craft_options *options = target;

	if (options->script) {
		diag_error_plain(diagnostics, "craft: one script at a time: '%s' and '%s'", options->script, word);
		return false;
	}
	options->script = word;
	return true;
}

static bool store_capture(void *target, const char *value, struct diagnostics *diagnostics)
{
	(void)diagnostics;
	((struct craft_options *)target)->capture = value;
	return true;
}

static const struct cli_option options[] = {
	{ "write", 'w', "CAPTURE", "the pcap file to make; - is standard output", store_capture },
};

static const struct cli_option_table option_table = {
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.store_word = store_script,
};

/* Microseconds do for most captures; nanoseconds where a time has them. */
static bool needs_nanoseconds(const struct script *script)
{
	for (size_t i = 0; i < script->n_packets; i++)
		if ((script->start_ns + script->packets[i].time_ns) % 1000 != 0)
			return true;
	return false;
}

static struct writer *open_writer(const char *path, const struct script *script, struct text *error)
{
	bool has_nanoseconds = needs_nanoseconds(script);

	if (strcmp(path, standard_output) == 0)
		return writer_open_stream(stdout, "standard output", script->link_type, has_nanoseconds, error);
	return writer_open(path, script->link_type, has_nanoseconds, error);
}

static enum exit_code write_script(const struct script *script, const char *path)
{
	struct writer *writer;
	bool is_ok = false;
	struct text error;

	text_init(&error);
	writer = open_writer(path, script, &error);
	for (size_t i = 0; writer && i < script->n_packets; i++) {
		const struct script_packet *packet = &script->packets[i];

		writer_add(writer, script->start_ns + packet->time_ns, packet->frame, packet->captured_len,
			   packet->original_len);
	}
	if (writer)
		is_ok = writer_close(writer, &error);
	if (!is_ok)
		cli_complain("%s", text_string(&error));
	text_clear(&error);
	return is_ok ? EXIT_DONE : EXIT_SYSTEM;
}

static enum exit_code craft(const struct craft_options *target, struct diagnostics *diagnostics)
{
	struct source source;
	struct script script;
	enum exit_code code;

	if (!rules_files_read(target->script, &source, diagnostics))
		return cli_report(diagnostics);
	script_parse(&script, &source, NULL, diagnostics);
	code = cli_report(diagnostics);
	if (code == EXIT_DONE)
		code = write_script(&script, target->capture);
	diag_clear(diagnostics);
	script_clear(&script);
	source_clear(&source);
	return code;
}

static enum exit_code run_craft(const struct command *command, int argc, char **argv)
{
	struct craft_options target = { .script = NULL };
	struct diagnostics diagnostics;
	enum exit_code code;
	bool wants_help;

	diag_init(&diagnostics);
	if (!cli_options_parse(command->options, argc, argv, &target, &wants_help, &diagnostics)) {
		code = cli_report(&diagnostics);
	} else if (wants_help) {
		code = cli_print_help(command);
	} else if (!target.script || !target.capture) {
		diag_error_plain(&diagnostics, "ctreplay craft %s", command->synopsis);
		code = cli_report(&diagnostics);
	} else {
		code = craft(&target, &diagnostics);
	}
	diag_clear(&diagnostics);
	return code;
}

const struct command command_craft = {
	.name = "craft",
	.synopsis = "SCRIPT -w CAPTURE",
	.summary = "a capture made from a readable script",
	.options = &option_table,
	.run = run_craft,
};
