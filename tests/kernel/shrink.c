/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shrink CTREPLAY SCENARIO CASE [VERIFY-OPTION...]: the fewest packets and rules of a scenario that still show a difference.
 *
 * SCENARIO holds packets.pcap, rules, perhaps rules6, and args. What is left is written to the new folder CASE in the form
 * of tests/cases (packets as a script; as capture.pcap where a script cannot say them), and printed. Status 1 when the
 * scenario shows no difference. VERIFY-OPTIONs go to `ctreplay verify` with every question.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "capture/reader.h"
#include "capture/writer.h"
#include "shrink_script.h"

enum { MOST_LINES = 400, MOST_ARGUMENTS = 64, PATH_LEN = 1024, STATUS_DIFFERENT = 1, MOST_QUESTIONS = 1500 };

/* Something that can be left out piece by piece. */
struct pieces {
	size_t n;
	bool *is_kept;
};

struct rules {
	char *lines[MOST_LINES];
	size_t n_lines;
	bool is_there;
};

struct shrink {
	const char *ctreplay, *scenario, *output;
	char **options;
	char work[PATH_LEN];
	struct shrink_frame *frames;
	size_t n_frames;
	struct rules rules[2];
	char *arguments[MOST_ARGUMENTS];
	size_t n_arguments;
	struct pieces packets, lines;	/* lines: of both rule files, one behind the other */
	unsigned n_questions;
};

__attribute__((noreturn, format(printf, 1, 2)))
static void fail(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	fputs("shrink: ", stderr);
	vfprintf(stderr, format, arguments);
	fputc('\n', stderr);
	va_end(arguments);
	exit(3);
}

static FILE *open_in(const char *directory, const char *name, const char *mode)
{
	char path[PATH_LEN];

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	return fopen(path, mode);
}

static size_t read_lines(FILE *file, char **lines, size_t most)
{
	char line[1024];
	size_t n = 0;

	while (n < most && fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		lines[n++] = alloc_copy(line, strlen(line));
	}
	fclose(file);
	return n;
}

static void read_frames(struct shrink *shrink)
{
	struct text error;
	struct packet packet;
	struct packet_source *source;
	char path[PATH_LEN];

	text_init(&error);
	packet_init(&packet);
	snprintf(path, sizeof(path), "%s/packets.pcap", shrink->scenario);
	source = reader_open(path, NULL, &error);
	if (!source)
		fail("%s", text_string(&error));
	while (packet_source_next(source, &packet) == PACKET_SOURCE_PACKET) {
		shrink->frames = alloc_resize(shrink->frames, shrink->n_frames + 1, sizeof(*shrink->frames));
		shrink->frames[shrink->n_frames++] = (struct shrink_frame){
			.time_ns = packet.time.ns,
			.bytes = (uint8_t *)alloc_copy((const char *)packet.frame, packet.captured_len),
			.len = packet.captured_len,
		};
	}
	packet_source_close(source);
	packet_clear(&packet);
	text_clear(&error);
}

static void read_scenario(struct shrink *shrink)
{
	static const char *const names[] = { "rules", "rules6" };
	FILE *file;

	read_frames(shrink);
	for (size_t i = 0; i < 2; i++) {
		file = open_in(shrink->scenario, names[i], "r");
		shrink->rules[i].is_there = file != NULL;
		if (file)
			shrink->rules[i].n_lines = read_lines(file, shrink->rules[i].lines, MOST_LINES);
	}
	file = open_in(shrink->scenario, "args", "r");
	if (file)
		shrink->n_arguments = read_lines(file, shrink->arguments, MOST_ARGUMENTS);
}

static void keep_all(struct pieces *pieces, size_t n)
{
	pieces->n = n;
	pieces->is_kept = alloc_zeroed(n + 1, sizeof(bool));
	memset(pieces->is_kept, true, n);
}

static size_t n_kept(const struct pieces *pieces)
{
	size_t n = 0;

	for (size_t i = 0; i < pieces->n; i++)
		n += pieces->is_kept[i];
	return n;
}

static void write_capture(const struct shrink *shrink, const char *directory, const char *name)
{
	static const int64_t origin_ns = 1000000000LL * 1000000000;
	char path[PATH_LEN];
	struct text error;
	struct writer *writer;

	text_init(&error);
	snprintf(path, sizeof(path), "%s/%s", directory, name);
	writer = writer_open(path, SHRINK_LINK_TYPE, true, &error);
	for (size_t i = 0; writer && i < shrink->n_frames; i++)
		if (shrink->packets.is_kept[i])
			writer_add(writer, origin_ns + shrink->frames[i].time_ns, shrink->frames[i].bytes,
				   (uint32_t)shrink->frames[i].len, (uint32_t)shrink->frames[i].len);
	if (!writer || !writer_close(writer, &error))
		fail("%s", text_string(&error));
	text_clear(&error);
}

static void write_rules(const struct shrink *shrink, const char *directory)
{
	size_t line = 0;

	for (size_t i = 0; i < 2; i++) {
		const struct rules *rules = &shrink->rules[i];
		FILE *file = rules->is_there ? open_in(directory, i ? "rules6" : "rules", "w") : NULL;

		if (rules->is_there && !file)
			fail("%s: %s", directory, strerror(errno));
		for (size_t j = 0; j < rules->n_lines; j++, line++)
			if (file && shrink->lines.is_kept[line])
				fprintf(file, "%s\n", rules->lines[j]);
		if (file)
			fclose(file);
	}
}

/* Runs `ctreplay verify` on what is in the work folder. Its exit status. */
static int ask(struct shrink *shrink)
{
	char *argv[2 * MOST_ARGUMENTS] = { (char *)shrink->ctreplay, "verify", "-r", "packets.pcap", "-4", "rules" };
	size_t n = 6;
	int status;
	pid_t child;

	if (shrink->rules[1].is_there) {
		argv[n++] = "-6";
		argv[n++] = "rules6";
	}
	for (size_t i = 0; i < shrink->n_arguments; i++)
		argv[n++] = shrink->arguments[i];
	for (size_t i = 0; shrink->options[i] && n < 2 * MOST_ARGUMENTS - 1; i++)
		argv[n++] = shrink->options[i];
	shrink->n_questions++;
	child = fork();
	if (child == 0) {
		int file = open("output", O_WRONLY | O_CREAT | O_TRUNC, 0600);

		dup2(file, 1);
		dup2(file, 2);
		execvp(argv[0], argv);
		_exit(127);
	}
	if (child < 0 || waitpid(child, &status, 0) < 0)
		fail("%s", strerror(errno));
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

static bool still_differs(struct shrink *shrink)
{
	write_capture(shrink, ".", "packets.pcap");
	write_rules(shrink, ".");
	return ask(shrink) == STATUS_DIFFERENT;
}

/* Leaves out pieces from..to; false, and nothing changed, when the difference goes with them. */
static bool try_without(struct shrink *shrink, struct pieces *pieces, size_t from, size_t to)
{
	bool *before = alloc_zeroed(pieces->n + 1, sizeof(bool));
	bool is_gone = false, is_good;

	memcpy(before, pieces->is_kept, pieces->n);
	for (size_t i = from; i < to && i < pieces->n; i++) {
		is_gone |= pieces->is_kept[i];
		pieces->is_kept[i] = false;
	}
	is_good = is_gone && shrink->n_questions < MOST_QUESTIONS && still_differs(shrink);
	if (!is_good)
		memcpy(pieces->is_kept, before, pieces->n);
	free(before);
	return is_good;
}

/* Larger pieces first, then single ones; from the end, where nothing depends on what is left out. */
static bool shrink_pieces(struct shrink *shrink, struct pieces *pieces)
{
	bool has_changed = false;

	for (size_t size = (pieces->n + 1) / 2; size; size = size == 1 ? 0 : (size + 1) / 2)
		for (size_t to = pieces->n; to > 0; to -= to < size ? to : size)
			has_changed |= try_without(shrink, pieces, to < size ? 0 : to - size, to);
	return has_changed;
}

/* A table's lines go together: "*filter" ... "COMMIT". */
static void drop_tables(struct shrink *shrink)
{
	size_t line = 0, start = 0;

	for (size_t i = 0; i < 2; i++)
		for (size_t j = 0; j < shrink->rules[i].n_lines; j++, line++) {
			const char *text = shrink->rules[i].lines[j];

			if (*text == '*')
				start = line;
			if (strcmp(text, "COMMIT") == 0)
				try_without(shrink, &shrink->lines, start, line + 1);
		}
}

static void shrink_all(struct shrink *shrink)
{
	bool has_changed = true;

	drop_tables(shrink);
	while (has_changed) {
		has_changed = shrink_pieces(shrink, &shrink->packets);
		has_changed |= shrink_pieces(shrink, &shrink->lines);
	}
}

static void print_file(const char *directory, const char *name)
{
	FILE *file = open_in(directory, name, "r");
	int c;

	if (!file)
		return;
	printf("== %s\n", name);
	while ((c = fgetc(file)) != EOF)
		putchar(c);
	fclose(file);
}

static void write_case(const struct shrink *shrink)
{
	struct shrink_frame *kept = alloc_zeroed(shrink->n_frames + 1, sizeof(*kept));
	struct text script;
	size_t n = 0;
	FILE *file;

	text_init(&script);
	for (size_t i = 0; i < shrink->n_frames; i++)
		if (shrink->packets.is_kept[i])
			kept[n++] = shrink->frames[i];
	if (mkdir(shrink->output, 0777) < 0 && errno != EEXIST)
		fail("%s: %s", shrink->output, strerror(errno));
	if (shrink_script_print(kept, n, &script)) {
		file = open_in(shrink->output, "packets", "w");
		if (!file)
			fail("%s: %s", shrink->output, strerror(errno));
		fputs(text_string(&script), file);
		fclose(file);
	} else {
		write_capture(shrink, shrink->output, "capture.pcap");
	}
	write_rules(shrink, shrink->output);
	file = open_in(shrink->output, "args", "w");
	for (size_t i = 0; file && i < shrink->n_arguments; i++)
		fprintf(file, "%s%s", shrink->arguments[i], i + 1 < shrink->n_arguments ? " " : "\n");
	if (file)
		fclose(file);
	text_clear(&script);
	free(kept);
}

int main(int argc, char **argv)
{
	static struct shrink shrink;
	static const char *const parts[] = { "packets", "rules", "rules6", "args" };

	if (argc < 4) {
		fprintf(stderr, "usage: shrink CTREPLAY SCENARIO CASE [VERIFY-OPTION...]\n");
		return 2;
	}
	shrink.ctreplay = realpath(argv[1], NULL);
	shrink.scenario = realpath(argv[2], NULL);
	shrink.output = argv[3];
	shrink.options = argv + 4;
	if (!shrink.ctreplay || !shrink.scenario)
		fail("%s: %s", shrink.ctreplay ? argv[2] : argv[1], strerror(errno));
	if (mkdir(shrink.output, 0777) < 0 && errno != EEXIST)
		fail("%s: %s", shrink.output, strerror(errno));
	shrink.output = realpath(argv[3], NULL);
	read_scenario(&shrink);
	keep_all(&shrink.packets, shrink.n_frames);
	keep_all(&shrink.lines, shrink.rules[0].n_lines + shrink.rules[1].n_lines);
	snprintf(shrink.work, sizeof(shrink.work), "%s/ctreplay-shrink.XXXXXX", getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
	if (!mkdtemp(shrink.work) || chdir(shrink.work) < 0)
		fail("%s: %s", shrink.work, strerror(errno));
	if (!still_differs(&shrink)) {
		fprintf(stderr, "shrink: no difference\n");
		return 1;
	}
	shrink_all(&shrink);
	still_differs(&shrink);	/* its output is the last */
	write_case(&shrink);
	printf("%zu of %zu packets, %zu of %zu lines of rules are left after %u questions\n", n_kept(&shrink.packets), shrink.packets.n,
	       n_kept(&shrink.lines), shrink.lines.n, shrink.n_questions);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		print_file(shrink.output, parts[i]);
	print_file(shrink.work, "output");
	return chdir("/") < 0;
}
