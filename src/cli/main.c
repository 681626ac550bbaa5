/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <pcap/pcap.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "cli/cli.h"
#include "replay/options.h"

static const struct command commands[] = {
	{ "run", "-r CAPTURE RULES...", "what happens to every packet of a capture", command_run },
	{ "explain", "-r CAPTURE RULES... --packet N", "why a packet got its state and its verdict", command_explain },
	{ "diagram", "-r CAPTURE RULES... [-o FILE]", "a timing diagram: SVG, PNG, PDF, or letters in the terminal", command_diagram },
	{ "report", "-r CAPTURE RULES... -o FILE.html", "one page to look at, with everything in it", command_report },
	{ "step", "-r CAPTURE RULES...", "the replay in the terminal, forwards and backwards", command_step },
	{ "check", "RULES...", "are these rules valid: located errors", command_check },
	{ "format", "RULES...", "the same rules as iptables-save prints them", command_format },
	{ "list", "matches|targets|states|timeouts|helpers|hooks|sysctls|formats|kernels|lint [NAME]", "what the program knows", command_list },
	{ "test", "SUITE...", "do these rulesets still do what is expected of them", command_test },
	{ "diff", "OLD NEW -r CAPTURE", "what other rules, hosts or settings would do differently", command_diff },
	{ "coverage", "-r CAPTURE... RULES...", "which rules captures exercised, and which can do nothing", command_coverage },
	{ "verify", "-r CAPTURE RULES...", "does the running kernel agree, packet by packet", command_verify },
	{ "craft", "SCRIPT -w CAPTURE", "a capture made from a readable script", command_craft },
	{ "lab", "[N]", "a lab's questions, and a grade for the answer", command_lab },
};

enum { N_COMMANDS = sizeof(commands) / sizeof(commands[0]) };

static const char introduction[] =
	"ctreplay replays a packet capture through an iptables ruleset, offline: for every packet\n"
	"the verdict, the rule that decided, and what connection tracking remembered, in virtual time.\n\n";

void cli_complain(const char *format, ...)
{
	va_list args;

	fputs("ctreplay: error: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
}

enum exit_code cli_print(const struct text *text)
{
	if (fwrite(text_string(text), 1, text->len, stdout) != text->len || fflush(stdout) != 0) {
		if (errno != EPIPE)	/* a reader that went away knows it */
			cli_complain("standard output: %s", strerror(errno));
		return EXIT_SYSTEM;
	}
	return EXIT_DONE;
}

enum exit_code cli_report(const struct diagnostics *diagnostics)
{
	struct text text;

	text_init(&text);
	diag_print(diagnostics, &text);
	fputs(text_string(&text), stderr);
	text_clear(&text);
	return diagnostics->n_errors ? EXIT_BAD_INPUT : EXIT_DONE;
}

enum exit_code cli_print_help(const struct command *command, const struct cli_option_table *table)
{
	enum exit_code code;
	struct text text;

	text_init(&text);
	text_printf(&text, "usage: ctreplay %s %s\n%s\n\n", command->name, command->synopsis, command->summary);
	cli_options_print(table, &text);
	code = cli_print(&text);
	text_clear(&text);
	return code;
}

/* Nothing that needs memory: no stdio. */
_Noreturn void alloc_fail(void)
{
	static const char words[] = "ctreplay: error: out of memory\n";

	(void)!write(STDERR_FILENO, words, sizeof(words) - 1);
	_exit(EXIT_SYSTEM);
}

static void print_usage(struct text *out)
{
	text_append(out, introduction);
	text_append(out, "usage: ctreplay COMMAND [OPTIONS]\n\n");
	for (size_t i = 0; i < N_COMMANDS; i++) {
		size_t start = out->len;

		text_printf(out, "  %s", commands[i].name);
		text_pad_to(out, start, 12);
		text_printf(out, "%s\n", commands[i].summary);
	}
	text_append(out, "\n`ctreplay COMMAND --help` tells more. The first thing to try:\n"
			 "  ctreplay run -r captures/dns-timeout.pcap rules/dns.rules\n");
}

static void print_version(struct text *out)
{
	text_printf(out, "ctreplay %s\nreference: Linux 6.18, iptables 1.8.9 (legacy), conntrack 1.4.7\n%s\ncompressed captures:",
		    PACKAGE_VERSION, pcap_lib_version());
#ifdef HAVE_ZLIB
	text_append(out, " gzip");
#else
	text_append(out, " gzip (not built in: zlib)");
#endif
#ifdef HAVE_ZSTD
	text_append(out, ", zstd");
#else
	text_append(out, ", zstd (not built in: libzstd)");
#endif
#ifdef HAVE_LZMA
	text_append(out, ", xz");
#else
	text_append(out, ", xz (not built in: liblzma)");
#endif
#ifdef HAVE_LIBSECCOMP
	text_append(out, "\nconfined: seccomp\n");
#else
	text_append(out, "\nconfined: no (not built in: libseccomp)\n");
#endif
}

static enum exit_code print_with(void (*print)(struct text *out))
{
	enum exit_code code;
	struct text text;

	text_init(&text);
	print(&text);
	code = cli_print(&text);
	text_clear(&text);
	return code;
}

static enum exit_code refuse_command(const char *name)
{
	const char *names[N_COMMANDS], *nearest;

	for (size_t i = 0; i < N_COMMANDS; i++)
		names[i] = commands[i].name;
	nearest = diag_nearest(name, names, N_COMMANDS);
	if (nearest)
		cli_complain("unknown command '%s'; did you mean '%s'?", name, nearest);
	else
		cli_complain("unknown command '%s'; `ctreplay --help` lists them", name);
	return EXIT_BAD_INPUT;
}

static const char *program = "ctreplay";

const char *cli_program(void)
{
	return program;
}

/* A path stays right in another folder; a bare name is looked for in PATH. */
static void note_program(char *name)
{
	static char path[PATH_MAX];

	program = strchr(name, '/') && realpath(name, path) ? path : name;
}

int main(int argc, char **argv)
{
	cJSON_Hooks hooks = { .malloc_fn = alloc_for_library, .free_fn = free };

	cJSON_InitHooks(&hooks);
	note_program(argv[0]);
	/* A reader that goes away (head) is a failed write, told and counted like any other. */
	signal(SIGPIPE, SIG_IGN);
	if (argc < 2) {
		struct text usage;

		text_init(&usage);
		print_usage(&usage);
		fputs(text_string(&usage), stderr);
		text_clear(&usage);
		return EXIT_BAD_INPUT;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0)
		return (int)print_with(print_usage);
	if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0)
		return (int)print_with(print_version);
	for (size_t i = 0; i < N_COMMANDS; i++)
		if (strcmp(argv[1], commands[i].name) == 0)
			return (int)commands[i].run(&commands[i], argc - 1, argv + 1);
	return (int)refuse_command(argv[1]);
}
