/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <cjson/cJSON.h>
#include <pcap/pcap.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "cli/cli.h"
#include "cli/manual.h"

static const char introduction[] =
	"ctreplay replays a packet capture through an iptables ruleset, offline: for every packet\n"
	"the verdict, the rule that decided, and what connection tracking remembered, in virtual time.\n\n";

/* docdir.inc: made by the build, where `make install` puts what it reads. */
static const char first_steps[] =
	"\n`ctreplay COMMAND --help` lists options, `ctreplay help COMMAND` tells everything.\n"
	"The first thing to try, in the source tree or in "
#include "docdir.inc"
	":\n  ctreplay run -r captures/dns-timeout.pcap rules/dns.rules\n";

static void print_usage(struct text *out)
{
	text_append(out, introduction);
	text_append(out, "usage: ctreplay COMMAND [OPTIONS]\n\n");
	for (const struct command *const *command = commands; *command; command++) {
		size_t start = out->len;

		text_printf(out, "  %s", (*command)->name);
		text_pad_to(out, start, 12);
		text_printf(out, "%s\n", (*command)->summary);
	}
	text_append(out, first_steps);
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
#ifdef HAVE_SQLITE
	text_append(out, "\ndatabases: SQLite");
#else
	text_append(out, "\ndatabases: no (not built in: sqlite3)");
#endif
#ifdef HAVE_LIBSECCOMP
	text_append(out, "\nconfined: seccomp");
#else
	text_append(out, "\nconfined: no (not built in: libseccomp)");
#endif
#ifdef HAVE_NCURSES
	text_append(out, "\nstep: ncurses");
#else
	text_append(out, "\nstep: no (not built in: ncursesw)");
#endif
#ifdef HAVE_VERIFY
	text_append(out, "\nverify: Linux\n");
#else
	text_append(out, "\nverify: no (not built in: libmnl, on Linux)\n");
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

/* `ctreplay help` and `ctreplay help COMMAND` */
static enum exit_code help(const char *name)
{
	const struct command *command = name ? commands_find(name) : NULL;
	enum exit_code code;
	struct text text;

	if (!name)
		return print_with(print_usage);
	if (!command)
		return commands_refuse(name);
	text_init(&text);
	manual_print(command, MANUAL_FOR_TERMINAL, &text);
	code = cli_print(&text);
	text_clear(&text);
	return code;
}

int main(int argc, char **argv)
{
	const struct command *command;
	cJSON_Hooks hooks = { .malloc_fn = alloc_for_library, .free_fn = free };

	cJSON_InitHooks(&hooks);
	cli_note_program(argv[0]);
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
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
		return (int)print_with(print_usage);
	if (strcmp(argv[1], "help") == 0)
		return (int)help(argv[2]);
	if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0)
		return (int)print_with(print_version);
	command = commands_find(argv[1]);
	return (int)(command ? command->run(command, argc - 1, argv + 1) : commands_refuse(argv[1]));
}
