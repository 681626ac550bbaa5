/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/cli.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"

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

/* Nothing that needs memory: no stdio. Of several threads the first one tells, and ends them all. */
_Noreturn void alloc_fail(void)
{
	static const char words[] = "ctreplay: error: out of memory\n";
	static atomic_flag is_told = ATOMIC_FLAG_INIT;

	while (atomic_flag_test_and_set(&is_told))
		pause();
	(void)!write(STDERR_FILENO, words, sizeof(words) - 1);
	_exit(EXIT_SYSTEM);
}

static const char *program = "ctreplay";

const char *cli_program(void)
{
	return program;
}

/* A path stays right in another folder; a bare name is looked for in PATH. */
void cli_note_program(char *name)
{
	static char path[PATH_MAX];

	program = strchr(name, '/') && realpath(name, path) ? path : name;
}
