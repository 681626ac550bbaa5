/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Outputs: files appear whole or not at all; a failure is told once, with path and reason. */
#include "sink_samples.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sink/output.h"

static char folder[64];

static void make_folder(void)
{
	strcpy(folder, "/tmp/test_sink_output.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
}

static const char *path_of(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static void remove_folder(void)
{
	static const char *const names[] = { "out", "out.partial", "link", "target", "target.partial" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		unlink(path_of(names[i]));
	rmdir(folder);
}

static bool exists(const char *name)
{
	return access(path_of(name), F_OK) == 0;
}

static void check_content(const char *name, const char *content)
{
	char bytes[256] = "";
	FILE *file = fopen(path_of(name), "r");

	ck_assert_ptr_nonnull(file);
	ck_assert_uint_lt(fread(bytes, 1, sizeof(bytes) - 1, file), sizeof(bytes) - 1);
	fclose(file);
	ck_assert_str_eq(bytes, content);
}

START_TEST(a_file_gets_its_name_at_the_end)
{
	struct output output;
	struct text error;

	text_init(&error);
	ck_assert(output_open_file(&output, path_of("out"), &error));
	text_append(&output.buffer, "half");
	output_flush(&output);
	ck_assert(!exists("out"));
	ck_assert(exists("out.partial"));
	text_append(&output.buffer, " and whole\n");
	ck_assert(output_close(&output, true, &error));
	ck_assert(!exists("out.partial"));
	check_content("out", "half and whole\n");
	ck_assert_uint_eq(error.len, 0);
}
END_TEST

START_TEST(an_incomplete_file_leaves_the_old_one)
{
	struct output output;
	struct text error;

	text_init(&error);
	ck_assert(output_open_file(&output, path_of("out"), &error));
	text_append(&output.buffer, "old\n");
	ck_assert(output_close(&output, true, &error));
	ck_assert(output_open_file(&output, path_of("out"), &error));
	text_append(&output.buffer, "new\n");
	ck_assert(output_close(&output, false, &error));
	ck_assert(!exists("out.partial"));
	check_content("out", "old\n");
	ck_assert_int_eq(chmod(path_of("out"), 0600), 0);
	ck_assert(output_open_file(&output, path_of("out"), &error));
	output_clear(&output);
	check_content("out", "old\n");
}
END_TEST

START_TEST(a_link_stays_a_link_and_a_mode_stays)
{
	struct output output;
	struct text error;
	struct stat status;
	char target[128];

	text_init(&error);
	strcpy(target, path_of("target"));
	ck_assert(output_open_file(&output, target, &error));
	ck_assert(output_close(&output, true, &error));
	ck_assert_int_eq(chmod(target, 0640), 0);
	ck_assert_int_eq(symlink(target, path_of("link")), 0);
	ck_assert(output_open_file(&output, path_of("link"), &error));
	text_append(&output.buffer, "through\n");
	ck_assert(output_close(&output, true, &error));
	ck_assert_int_eq(lstat(path_of("link"), &status), 0);
	ck_assert(S_ISLNK(status.st_mode));
	ck_assert_int_eq(stat(target, &status), 0);
	ck_assert_uint_eq(status.st_mode & 0777, 0640);
	check_content("target", "through\n");
}
END_TEST

/* As /dev/stdout is where the output of a process was deleted. */
START_TEST(a_link_to_a_file_without_a_name_stays)
{
	int file = open(path_of("deleted"), O_RDWR | O_CREAT | O_TRUNC, 0600);
	struct output output;
	struct text error, link;
	struct stat status;
	char bytes[8];

	text_init(&error);
	text_init(&link);
	text_printf(&link, "/proc/self/fd/%d", file);
	ck_assert_int_eq(unlink(path_of("deleted")), 0);
	if (access(text_string(&link), W_OK) == 0) {
		ck_assert_int_eq(symlink(text_string(&link), path_of("nameless")), 0);
		ck_assert(output_open_file(&output, path_of("nameless"), &error));
		text_append(&output.buffer, "through");
		ck_assert(output_close(&output, true, &error));
		ck_assert_int_eq(lstat(path_of("nameless"), &status), 0);
		ck_assert(S_ISLNK(status.st_mode));
		ck_assert_int_eq(read(file, bytes, sizeof(bytes)), 7);
	}
	text_clear(&link);
	close(file);
}
END_TEST

static const struct open_row {
	const char *path, *error;
} open_rows[] = {
	{ "/nonexistent/out", "/nonexistent/out: cannot write: No such file or directory" },
	{ "/tmp", "/tmp: cannot write: Is a directory" },
};

START_TEST(what_cannot_be_opened_is_told)
{
	struct output output;
	struct text error;

	text_init(&error);
	ck_assert(!output_open_file(&output, open_rows[_i].path, &error));
	ck_assert_str_eq(text_string(&error), open_rows[_i].error);
	output_clear(&output);
	text_clear(&error);
}
END_TEST

START_TEST(a_full_disk_is_told_once)
{
	struct output output;
	struct text error;

	text_init(&error);
	ck_assert(output_open_file(&output, "/dev/full", &error));
	for (int i = 0; i < 3; i++) {
		text_append(&output.buffer, "lost\n");
		output_flush(&output);
		ck_assert(output_has_failed(&output));
		ck_assert_uint_eq(output.buffer.len, 0);
	}
	ck_assert(!output_close(&output, true, &error));
	ck_assert_str_eq(text_string(&error), "/dev/full: cannot write: No space left on device");
	text_clear(&error);
}
END_TEST

START_TEST(a_full_disk_silences_the_sink)
{
	struct sink_options options = { 0 };
	struct event event = { .kind = EVENT_WARNING, .warning = { "x" } };
	struct output output;
	struct sink sink;
	struct text error;

	text_init(&error);
	ck_assert(output_open_file(&output, "/dev/full", &error));
	sink_open(&sink, sink_find("json"), &options, &output);
	for (int i = 0; i < 3000; i++)
		sink_listen(&sink, &event);
	ck_assert(output_has_failed(&output));
	ck_assert_uint_eq(output.buffer.len, 0);
	sink_close(&sink);
	ck_assert(!output_close(&output, true, &error));
	ck_assert_str_eq(text_string(&error), "/dev/full: cannot write: No space left on device");
	text_clear(&error);
}
END_TEST

START_TEST(a_stream_is_flushed_and_stays_open)
{
	struct output output;
	struct text error;
	FILE *file = fopen(path_of("out"), "w");

	text_init(&error);
	ck_assert_ptr_nonnull(file);
	output_open_stream(&output, file, "standard output", true);
	text_append(&output.buffer, "now\n");
	output_flush_if_full(&output);
	check_content("out", "now\n");
	ck_assert(output_close(&output, true, &error));
	ck_assert_int_eq(fputs("more\n", file) < 0, 0);
	fclose(file);
	check_content("out", "now\nmore\n");
}
END_TEST

START_TEST(a_stream_on_a_full_disk)
{
	struct output output;
	struct text error;
	FILE *file = fopen("/dev/full", "w");

	text_init(&error);
	ck_assert_ptr_nonnull(file);
	output_open_stream(&output, file, "standard output", false);
	text_append(&output.buffer, "lost\n");
	ck_assert(!output_close(&output, true, &error));
	ck_assert_str_eq(text_string(&error), "standard output: cannot write: No space left on device");
	fclose(file);
	text_clear(&error);
}
END_TEST

static void add_tests(TCase *tests)
{
	tcase_add_checked_fixture(tests, make_folder, remove_folder);
	tcase_add_test(tests, a_file_gets_its_name_at_the_end);
	tcase_add_test(tests, an_incomplete_file_leaves_the_old_one);
	tcase_add_test(tests, a_link_stays_a_link_and_a_mode_stays);
	tcase_add_test(tests, a_link_to_a_file_without_a_name_stays);
	tcase_add_loop_test(tests, what_cannot_be_opened_is_told, 0, sizeof(open_rows) / sizeof(open_rows[0]));
	tcase_add_test(tests, a_full_disk_is_told_once);
	tcase_add_test(tests, a_full_disk_silences_the_sink);
	tcase_add_test(tests, a_stream_is_flushed_and_stays_open);
	tcase_add_test(tests, a_stream_on_a_full_disk);
}

int main(void)
{
	return sample_run("sink/output", add_tests);
}
