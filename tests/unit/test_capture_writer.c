/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "capture/writer.h"

#include <dirent.h>
#include <pcap/dlt.h>
#include <sys/stat.h>
#include <unistd.h>

#include "capture/reader.h"
#include "script_packets.h"

static char folder[] = "/tmp/ctreplay-test-XXXXXX";
static char path[sizeof(folder) + 32], link_path[sizeof(folder) + 32];

static void enter_folder(void)
{
	strcpy(folder, "/tmp/ctreplay-test-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/capture", folder);
	snprintf(link_path, sizeof(link_path), "%s/link", folder);
}

static void leave_folder(void)
{
	unlink(path);
	unlink(link_path);
	ck_assert_int_eq(rmdir(folder), 0);
}

static int count_files(void)
{
	DIR *directory = opendir(folder);
	int n = 0;

	while (readdir(directory))
		n++;
	closedir(directory);
	return n - 2;
}

static struct writer *open_writer(const char *where, bool has_nanoseconds)
{
	struct text error;
	struct writer *writer;

	text_init(&error);
	writer = writer_open(where, DLT_RAW, has_nanoseconds, &error);
	ck_assert_msg(writer != NULL, "%s", text_string(&error));
	text_clear(&error);
	return writer;
}

static void close_well(struct writer *writer)
{
	struct text error;

	text_init(&error);
	ck_assert_msg(writer_close(writer, &error), "%s", text_string(&error));
	text_clear(&error);
}

START_TEST(what_was_written_is_read)
{
	struct text error;
	struct packet_source *source;
	struct packet packet;
	struct writer *writer = open_writer(path, _i);

	ck_assert(writer_add(writer, 1999999999, (const uint8_t *)"abc", 3, 9));
	ck_assert(writer_add(writer, 2000000001, (const uint8_t *)"", 0, 0));
	ck_assert_int_eq(access(path, F_OK), -1);
	close_well(writer);
	ck_assert_int_eq(count_files(), 1);
	text_init(&error);
	packet_init(&packet);
	source = reader_open(path, NULL, &error);
	ck_assert_int_eq(source->link_type, DLT_RAW);
	ck_assert_int_eq(packet_source_next(source, &packet), PACKET_SOURCE_PACKET);
	ck_assert_int_eq(source->origin_ns, _i ? 1999999999 : 1999999000);
	ck_assert_uint_eq(packet.original_len, 9);
	ck_assert_mem_eq(packet.frame, "abc", 3);
	ck_assert_int_eq(packet_source_next(source, &packet), PACKET_SOURCE_PACKET);
	ck_assert_int_eq(packet.time.ns, _i ? 2 : 1000);
	ck_assert_int_eq(packet_source_next(source, &packet), PACKET_SOURCE_END);
	packet_source_close(source);
	packet_clear(&packet);
	text_clear(&error);
}
END_TEST

START_TEST(discarded_files_leave_nothing)
{
	struct writer *writer = open_writer(path, true);

	writer_add(writer, 0, (const uint8_t *)"abc", 3, 3);
	writer_discard(writer);
	ck_assert_int_eq(count_files(), 0);
	writer_discard(NULL);
}
END_TEST

START_TEST(an_old_file_stays_until_the_new_one_is_whole)
{
	struct writer *writer;
	struct stat status;

	close_well(open_writer(path, true));
	writer = open_writer(path, true);
	writer_add(writer, 0, (const uint8_t *)"abc", 3, 3);
	ck_assert_int_eq(stat(path, &status), 0);
	ck_assert_int_eq(status.st_size, 24);
	close_well(writer);
	ck_assert_int_eq(stat(path, &status), 0);
	ck_assert_int_eq(status.st_size, 24 + 16 + 3);
	ck_assert_int_eq(count_files(), 1);
}
END_TEST

START_TEST(symbolic_links_stay)
{
	struct stat status;

	close_well(open_writer(path, true));
	ck_assert_int_eq(symlink(path, link_path), 0);
	close_well(open_writer(link_path, true));
	ck_assert_int_eq(lstat(link_path, &status), 0);
	ck_assert(S_ISLNK(status.st_mode));
	ck_assert_int_eq(count_files(), 2);
}
END_TEST

START_TEST(a_link_to_nowhere_stays)
{
	struct stat status;

	ck_assert_int_eq(symlink(path, link_path), 0);
	close_well(open_writer(link_path, true));
	ck_assert_int_eq(lstat(link_path, &status), 0);
	ck_assert(S_ISLNK(status.st_mode));
	ck_assert_int_eq(stat(path, &status), 0);
	ck_assert_int_eq(count_files(), 2);
}
END_TEST

START_TEST(full_disk)
{
	struct text error;
	struct writer *writer;
	bool is_good = true;
	uint8_t bytes[1000] = { 0 };

	if (access("/dev/full", W_OK) != 0)
		return;
	text_init(&error);
	writer = open_writer("/dev/full", true);
	for (int i = 0; i < 100 && is_good; i++)
		is_good = writer_add(writer, i, bytes, sizeof(bytes), sizeof(bytes));
	ck_assert(!is_good);
	ck_assert(!writer_close(writer, &error));
	ck_assert_str_eq(text_string(&error), "/dev/full: No space left on device");
	text_reset(&error);
	/* So little that only the end tells. */
	writer = open_writer("/dev/full", true);
	ck_assert(writer_add(writer, 0, bytes, 10, 10));
	ck_assert(!writer_close(writer, &error));
	ck_assert_str_eq(text_string(&error), "/dev/full: No space left on device");
	text_clear(&error);
}
END_TEST

START_TEST(folders_that_are_not_there)
{
	struct text error;

	text_init(&error);
	ck_assert_ptr_null(writer_open("/nonexistent/capture", DLT_RAW, true, &error));
	ck_assert_str_eq(text_string(&error), "/nonexistent/capture: No such file or directory");
	text_clear(&error);
}
END_TEST

START_TEST(streams_of_the_caller_stay_open)
{
	struct text error;
	FILE *stream = fopen(path, "wb");
	struct writer *writer;
	struct stat status;

	text_init(&error);
	writer = writer_open_stream(stream, "standard output", DLT_RAW, false, &error);
	ck_assert_ptr_nonnull(writer);
	writer_add(writer, 0, (const uint8_t *)"abc", 3, 3);
	close_well(writer);
	ck_assert_int_ge(fputs("more", stream), 0);
	ck_assert_int_eq(fclose(stream), 0);
	ck_assert_int_eq(stat(path, &status), 0);
	ck_assert_int_eq(status.st_size, 24 + 16 + 3 + 4);
	text_clear(&error);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("writer");

	tcase_add_checked_fixture(tcase, enter_folder, leave_folder);
	tcase_add_loop_test(tcase, what_was_written_is_read, 0, 2);
	tcase_add_test(tcase, discarded_files_leave_nothing);
	tcase_add_test(tcase, an_old_file_stays_until_the_new_one_is_whole);
	tcase_add_test(tcase, symbolic_links_stay);
	tcase_add_test(tcase, a_link_to_nowhere_stays);
	tcase_add_test(tcase, full_disk);
	tcase_add_test(tcase, folders_that_are_not_there);
	tcase_add_test(tcase, streams_of_the_caller_stay_open);
	return script_packets_run("capture/writer", tcase);
}
