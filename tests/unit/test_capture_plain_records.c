/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files drawn at random, ordinary and odd, read by capture/reader and by libpcap alone: the same packets, the same end. */
#include "capture/plain_records.h"

#include <check.h>
#include <fcntl.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/random.h"
#include "capture/reader.h"

enum { N_FILES = 600, FILE_ROOM = 1 << 20, FILE_HEADER_LEN = 24, RECORD_HEADER_LEN = 16 };

static char path[] = "/tmp/ctreplay-test-XXXXXX";
static uint8_t bytes[FILE_ROOM];
static size_t len;
static struct random drawn;

static void make_path(void)
{
	int fd;

	strcpy(path, "/tmp/ctreplay-test-XXXXXX");
	fd = mkstemp(path);
	ck_assert_int_ge(fd, 0);
	close(fd);
}

static void remove_file(void)
{
	unlink(path);
}

static uint32_t draw(uint32_t below)
{
	return (uint32_t)(random_u64(&drawn) % below);
}

static void put32(uint32_t value)
{
	memcpy(bytes + len, &value, sizeof(value));
	len += sizeof(value);
}

/* Mostly small frames; some as large as the pieces that are read, or about that. */
static uint32_t draw_frame_len(void)
{
	if (draw(50) == 0)
		return 128 * 1024 - 40 + draw(60);
	return draw(10) ? 40 + draw(60) : draw(1600);
}

static void put_record(uint32_t frame_len, uint32_t fractions)
{
	put32(draw(100) ? 1700000000u + draw(10) : draw(UINT32_MAX));
	put32(draw(100) ? draw(fractions) : draw(UINT32_MAX));
	put32(frame_len);
	put32(draw(4) ? frame_len : draw(2000));
	memset(bytes + len, (int)len, frame_len);
	len += frame_len;
}

static void make_file(bool is_nano)
{
	uint32_t n_records = draw(400);

	len = 0;
	put32(is_nano ? 0xa1b23c4du : 0xa1b2c3d4u);
	put32(4u << 16 | 2);
	put32(0);
	put32(0);
	put32(draw(4) ? 262144 : 96 + draw(1500));
	put32(DLT_EN10MB);
	for (uint32_t i = 0; i < n_records; i++) {
		uint32_t frame_len = draw_frame_len();

		if (len + RECORD_HEADER_LEN + frame_len > sizeof(bytes))
			break;
		put_record(frame_len, is_nano ? 1000000000 : 1000000);
	}
}

/* Cut anywhere, or a byte changed. */
static void damage(void)
{
	if (draw(3) == 0)
		len = FILE_HEADER_LEN + draw((uint32_t)(len - FILE_HEADER_LEN) + 1);
	if (draw(3) == 0)
		bytes[draw((uint32_t)len)] = (uint8_t)draw(256);
}

static void write_file(void)
{
	FILE *file = fopen(path, "wb");

	ck_assert_ptr_nonnull(file);
	ck_assert_uint_eq(fwrite(bytes, 1, len, file), len);
	ck_assert_int_eq(fclose(file), 0);
}

static void compare_packet(const struct packet_source *source, const struct packet *packet, const struct pcap_pkthdr *header,
			   const uint8_t *frame)
{
	uint32_t original_len = header->len < header->caplen ? header->caplen : header->len;
	int64_t absolute = header->ts.tv_sec < 0 ? 0 : (int64_t)header->ts.tv_sec * VTIME_NS_PER_SECOND;

	ck_assert_uint_eq(packet->captured_len, header->caplen);
	ck_assert_uint_eq(packet->original_len, original_len);
	ck_assert_mem_eq(packet->frame, frame, header->caplen);
	absolute += header->ts.tv_usec & 0xffffffff;
	ck_assert_int_ge(source->origin_ns + packet->time.ns, absolute);
	if (source->latest.ns == absolute - source->origin_ns)
		ck_assert_int_eq(source->origin_ns + packet->time.ns, absolute);
}

/* True: both could open it. */
static bool compare_file(uint32_t number)
{
	char problem[PCAP_ERRBUF_SIZE];
	pcap_t *pcap = pcap_open_offline_with_tstamp_precision(path, PCAP_TSTAMP_PRECISION_NANO, problem);
	enum packet_source_result result;
	struct pcap_pkthdr *header;
	struct packet_source *source;
	struct packet packet;
	const u_char *frame;
	struct text error;
	int wanted = -1;
	bool is_open;

	text_init(&error);
	source = reader_open(path, NULL, &error);
	is_open = pcap && source;
	if (!pcap)
		ck_assert_ptr_null(source);
	packet_init(&packet);
	while (is_open) {
		wanted = pcap_next_ex(pcap, &header, &frame);
		result = packet_source_next(source, &packet);
		ck_assert_msg((wanted == 1) == (result == PACKET_SOURCE_PACKET) && (wanted == -1) == (result == PACKET_SOURCE_ERROR),
			      "file %u, packet %u", number, (unsigned)source->n_packets);
		if (wanted != 1)
			break;
		compare_packet(source, &packet, header, frame);
	}
	packet_clear(&packet);
	packet_source_close(source);
	if (pcap)
		pcap_close(pcap);
	text_clear(&error);
	return is_open;
}

START_TEST(the_same_as_libpcap)
{
	unsigned n_open = 0;

	random_init(&drawn, 1);
	for (uint32_t i = 0; i < N_FILES; i++) {
		make_file(i % 2);
		if (i % 3)
			damage();
		write_file();
		n_open += compare_file(i);
	}
	ck_assert_uint_gt(n_open, N_FILES * 9 / 10);
}
END_TEST

/* Else the test above would compare libpcap with itself. */
START_TEST(ordinary_records_are_read_here)
{
	enum { N_RECORDS = 5000, FRAME_LEN = 60 };
	struct plain_records *records;
	struct plain_record record;
	off_t place = 0;
	int file;

	len = 0;
	random_init(&drawn, 1);
	make_file(false);
	len = FILE_HEADER_LEN;
	for (uint32_t i = 0; i < N_RECORDS; i++) {
		put32(i);
		put32(i);
		put32(FRAME_LEN);
		put32(FRAME_LEN);
		memset(bytes + len, (int)i, FRAME_LEN);
		len += FRAME_LEN;
	}
	write_file();
	file = open(path, O_RDONLY);
	records = plain_records_open(file);
	ck_assert_ptr_nonnull(records);
	for (uint32_t i = 0; i < N_RECORDS; i++) {
		ck_assert(plain_records_next(records, &record, &place));
		ck_assert_int_eq(record.absolute_ns, (int64_t)i * 1000001000);
		ck_assert_uint_eq(record.frame[FRAME_LEN - 1], i % 256);
	}
	ck_assert(!plain_records_next(records, &record, &place));
	ck_assert_int_eq(place, (off_t)len);
	plain_records_close(records);
	close(file);
}
END_TEST

/* Everything that is not just so is libpcap's from the start. */
START_TEST(other_files_are_not)
{
	static const struct {
		const char *name;
		size_t at;
		uint32_t value;
	} rows[] = {
		{ "pcapng", 0, 0x0a0d0d0a }, { "the other byte order", 0, 0xd4c3b2a1u }, { "version 2.3", 4, 3u << 16 | 2 },
		{ "no snapshot length", 16, 0 }, { "frames that end with a checksum", 20, 0x44000001 },
	};
	int file;

	random_init(&drawn, 1);
	make_file(false);
	memcpy(bytes + rows[_i].at, &rows[_i].value, sizeof(rows[_i].value));
	write_file();
	file = open(path, O_RDONLY);
	ck_assert_msg(!plain_records_open(file), "%s", rows[_i].name);
	close(file);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("capture/plain_records");
	TCase *tcase = tcase_create("plain_records");
	SRunner *runner = srunner_create(suite);
	int n_failed;

	tcase_set_timeout(tcase, 60);
	tcase_add_checked_fixture(tcase, make_path, remove_file);
	tcase_add_test(tcase, the_same_as_libpcap);
	tcase_add_test(tcase, ordinary_records_are_read_here);
	tcase_add_loop_test(tcase, other_files_are_not, 0, 5);
	suite_add_tcase(suite, tcase);
	srunner_run_all(runner, CK_ENV);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
