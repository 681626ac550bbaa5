/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ctreplay diagram: pictures of a replay. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/spawn.h"
#include "cli/cli.h"
#include "cli/play.h"
#include "picture/diagrams.h"
#include "replay/options.h"

struct diagram_options {
	struct play play;		/* first: the options of `run` store into it */
	const char *kind, *theme;
	const char *file;		/* -o; NULL: letters on standard output */
	const char *script;		/* --keep-script, or NULL */
	struct text script_file;	/* where the gnuplot script goes */
};

static bool store_flow(void *target, const char *value, struct diagnostics *diagnostics)
{
	return play_set(target, "flow", value, diagnostics);
}

static bool store_packet(void *target, const char *value, struct diagnostics *diagnostics)
{
	return play_set(target, "packet", value, diagnostics);
}

static bool refuse(const char *option, const char *value, const char *const *names, size_t n, struct diagnostics *diagnostics)
{
	const char *nearest = diag_nearest(value, names, n);
	struct text known;

	text_init(&known);
	for (size_t i = 0; i < n; i++)
		text_printf(&known, "%s%s", i ? ", " : "", names[i]);
	if (nearest)
		diag_error_plain(diagnostics, "--%s '%s' is not known; did you mean %s?", option, value, nearest);
	else
		diag_error_plain(diagnostics, "--%s '%s' is not known; there are %s", option, value, text_string(&known));
	text_clear(&known);
	return false;
}

static bool store_kind(void *target, const char *value, struct diagnostics *diagnostics)
{
	const char *names[DIAGRAM_KIND_COUNT];

	for (int i = 0; i < DIAGRAM_KIND_COUNT; i++) {
		names[i] = diagram_types[i].name;
		if (strcmp(names[i], value) == 0) {
			((struct diagram_options *)target)->kind = names[i];
			return true;
		}
	}
	return refuse("kind", value, names, DIAGRAM_KIND_COUNT, diagnostics);
}

static bool store_theme(void *target, const char *value, struct diagnostics *diagnostics)
{
	static const char *const names[] = { "auto", "light", "dark" };

	for (size_t i = 0; i < 3; i++) {
		if (strcmp(names[i], value) == 0) {
			((struct diagram_options *)target)->theme = i ? names[i] : NULL;
			return true;
		}
	}
	return refuse("theme", value, names, 3, diagnostics);
}

static bool store_file(void *target, const char *value, struct diagnostics *diagnostics)
{
	(void)diagnostics;
	((struct diagram_options *)target)->file = value;
	return true;
}

static bool store_script(void *target, const char *value, struct diagnostics *diagnostics)
{
	(void)diagnostics;
	((struct diagram_options *)target)->script = value;
	return true;
}

static const struct cli_option own_options[] = {
	{ "kind", 'k', "sequence|lifelines|path|nat|bucket|occupancy|states", "which diagram (sequence)", store_kind },
	{ "flow", 0, "N", "the packets of entry #N alone\n"
	  "With them come those with its addresses and ports that found no entry.",
	  store_flow },
	{ "packet", 0, "N|N-M|N,M", "these packets alone; of a path, the packet whose path it is\n"
	  "Without it a path is that of the first.",
	  store_packet },
	{ "output", 'o', "FILE", "FILE.svg, FILE.png or FILE.pdf; without it letters\n"
	  "- is SVG on standard output. PNG and PDF are made by **gnuplot**(1).",
	  store_file },
	{ "theme", 0, "auto|light|dark", "colours\n"
	  "An SVG of `auto` turns dark where its reader prefers that; PNG and PDF are light then.",
	  store_theme },
	{ "keep-script", 0, "FILE", "keep the gnuplot script that PNG or PDF is made by", store_script },
};

static const struct cli_option_table option_table = {
	.options = own_options,
	.n_options = sizeof(own_options) / sizeof(own_options[0]),
	.inherited = &run_option_table,
	.store_word = play_add_rules,
	.store_inherited = play_set,
};

static bool ends_with(const char *string, const char *end)
{
	size_t len = strlen(string), end_len = strlen(end);

	return len > end_len && strcmp(string + len - end_len, end) == 0;
}

static bool is_by_gnuplot(const struct diagram_options *options)
{
	return options->file && (ends_with(options->file, ".png") || ends_with(options->file, ".pdf"));
}

/* "svg,sequence,dark=FILE": what is drawn into a file. False: its name does not say how. */
static bool print_output(struct diagram_options *options, struct text *out)
{
	bool is_script = is_by_gnuplot(options);

	if (is_script) {
		text_printf(&options->script_file, "%s%s", options->script ? options->script : options->file,
			    options->script ? "" : ".gnuplot");
		text_printf(out, "gnuplot,%s%s", options->kind, ends_with(options->file, ".pdf") ? ",pdf" : "");
	} else if (strcmp(options->file, "-") == 0 || ends_with(options->file, ".svg")) {
		text_printf(out, "svg,%s", options->kind);
	} else {
		cli_complain("-o '%s': the name must end in .svg, .png or .pdf; - is SVG on standard output", options->file);
		return false;
	}
	if (options->theme)
		text_printf(out, ",%s", options->theme);
	text_printf(out, "=%s", is_script ? text_string(&options->script_file) : options->file);
	return true;
}

/* gnuplot's strings in single quotes know one escape. */
static void append_set_output(struct text *out, const char *file)
{
	text_append(out, "set output '");
	for (; *file; file++)
		text_append(out, *file == '\'' ? "''" : (char[]){ *file, '\0' });
	text_append_char(out, '\'');
}

static enum exit_code run_gnuplot(const struct diagram_options *options)
{
	const char *script = text_string(&options->script_file);
	struct text command, said, partial;
	enum exit_code code = EXIT_SYSTEM;
	enum spawn_result result;

	text_init(&command);
	text_init(&said);
	text_init(&partial);
	text_printf(&partial, "%s.partial", options->file);
	append_set_output(&command, text_string(&partial));
	result = spawn_run((const char *const[]){ "gnuplot", "-e", text_string(&command), script, NULL }, NULL, &said);
	if (result == SPAWN_NOT_FOUND)
		cli_complain("%s: PNG and PDF are made by gnuplot, which is not there; SVG (-o FILE.svg) needs nothing", options->file);
	else if (result == SPAWN_FAILED)
		cli_complain("%s: gnuplot failed: %s", options->file, text_string(&said));
	else if (rename(text_string(&partial), options->file) != 0)
		cli_complain("%s: cannot write: %s", options->file, strerror(errno));
	else
		code = EXIT_DONE;
	if (code != EXIT_DONE)
		unlink(text_string(&partial));
	if (!options->script)
		unlink(script);
	text_clear(&command);
	text_clear(&said);
	text_clear(&partial);
	return code;
}

/* Without a file it is sketched in letters. */
static enum exit_code draw(struct diagram_options *options)
{
	struct play *play = &options->play;
	enum exit_code code = EXIT_BAD_INPUT;
	struct text format;

	if (options->script && !is_by_gnuplot(options)) {
		cli_complain("--keep-script: only -o FILE.png and -o FILE.pdf are made by a script");
		return EXIT_BAD_INPUT;
	}
	text_init(&format);
	if (!options->file) {
		text_printf(&format, "sketch,%s", options->kind);
		code = play_run(play, text_string(&format));
	} else if (print_output(options, &format)) {
		code = play_set(play, "out", text_string(&format), NULL) ? play_run(play, NULL) : play_report(play);
	}
	text_clear(&format);
	return code == EXIT_DONE && is_by_gnuplot(options) ? run_gnuplot(options) : code;
}

static enum exit_code run_diagram(const struct command *command, int argc, char **argv)
{
	struct diagram_options options = { .kind = diagram_types[0].name };
	enum exit_code code;

	play_init(&options.play);
	text_init(&options.script_file);
	if (play_begin(command, argc, argv, &options.play, &code))
		code = draw(&options);
	play_clear(&options.play);
	text_clear(&options.script_file);
	return code;
}

const struct command command_diagram = {
	.name = "diagram",
	.synopsis = "-r CAPTURE RULES... [-o FILE]",
	.summary = "a timing diagram: SVG, PNG, PDF, or letters in the terminal",
	.options = &option_table,
	.run = run_diagram,
};
