/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "capture/reader.h"

#include <pcap/dlt.h>
#include <sys/stat.h>
#include <unistd.h>
#ifdef HAVE_ZLIB
#include <zlib.h>
#endif
#ifdef HAVE_ZSTD
#include <zstd.h>
#endif
#ifdef HAVE_LZMA
#include <lzma.h>
#endif

#include "capture/writer.h"
#include "script_packets.h"

enum { N_PACKETS = 500, FILE_LONGEST = 200000 };

static char folder[] = "/tmp/ctreplay-test-XXXXXX";
static char path[sizeof(folder) + 32];

static void enter_folder(void)
{
	strcpy(folder, "/tmp/ctreplay-test-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/capture", folder);
}

static void leave_folder(void)
{
	unlink(path);
	rmdir(folder);
}

static void write_bytes(const void *bytes, size_t len)
{
	FILE *file = fopen(path, "wb");

	ck_assert_ptr_nonnull(file);
	ck_assert_uint_eq(fwrite(bytes, 1, len, file), len);
	ck_assert_int_eq(fclose(file), 0);
}

static size_t read_bytes(uint8_t *bytes)
{
	FILE *file = fopen(path, "rb");
	size_t len = fread(bytes, 1, FILE_LONGEST, file);

	fclose(file);
	ck_assert_uint_lt(len, FILE_LONGEST);
	return len;
}

/* N_PACKETS frames of 60 bytes and more, a nanosecond and a second apart. */
static size_t write_capture(int link_type, uint8_t *bytes)
{
	uint8_t frame[200] = { 0 };
	struct text error;
	struct writer *writer;

	text_init(&error);
	writer = writer_open(path, link_type, true, &error);
	ck_assert_msg(writer != NULL, "%s", text_string(&error));
	for (uint32_t i = 0; i < N_PACKETS; i++) {
		frame[0] = (uint8_t)i;
		ck_assert(writer_add(writer, 1700000000123456789 + (int64_t)i * 1000000001, frame, 60 + i % 100, 160));
	}
	ck_assert_msg(writer_close(writer, &error), "%s", text_string(&error));
	text_clear(&error);
	return read_bytes(bytes);
}

/* Reads the whole file; what went wrong, if anything, is in `error`. Packets are checked. */
static uint64_t read_capture(struct text *error)
{
	struct packet_source *source = reader_open(path, NULL, error);
	enum packet_source_result result;
	struct packet packet;
	uint64_t n = 0;

	if (!source)
		return 0;
	packet_init(&packet);
	while ((result = packet_source_next(source, &packet)) == PACKET_SOURCE_PACKET) {
		ck_assert_int_eq(packet.time.ns, (int64_t)n * 1000000001);
		ck_assert_uint_eq(packet.captured_len, 60 + n % 100);
		ck_assert_uint_eq(packet.original_len, 160);
		ck_assert_uint_eq(packet.frame[0], n % 256);
		ck_assert_uint_eq(packet.number, ++n);
	}
	ck_assert_int_eq(packet_source_next(source, &packet), result);
	ck_assert_uint_eq(source->n_packets, n);
	if (n)
		ck_assert_int_eq(source->origin_ns, 1700000000123456789);
	if (result == PACKET_SOURCE_ERROR)
		text_append(error, text_string(&source->error));
	packet_clear(&packet);
	packet_source_close(source);
	return n;
}

static void expect(uint64_t n_packets, const char *problem)
{
	struct text error;
	uint64_t n;

	text_init(&error);
	n = read_capture(&error);
	if (problem) {
		ck_assert_msg(strncmp(text_string(&error), path, strlen(path)) == 0, "%s", text_string(&error));
		ck_assert_str_eq(text_string(&error) + strlen(path), problem);
	} else {
		ck_assert_str_eq(text_string(&error), "");
	}
	ck_assert_uint_eq(n, n_packets);
	text_clear(&error);
}

START_TEST(a_capture)
{
	static uint8_t bytes[FILE_LONGEST];

	write_capture(DLT_EN10MB, bytes);
	expect(N_PACKETS, NULL);
}
END_TEST

START_TEST(files_that_are_no_capture)
{
	static uint8_t bytes[FILE_LONGEST];

	expect(0, ": No such file or directory");
	write_bytes("", 0);
	expect(0, ": empty file, not a capture");
	write_bytes("12:00:00 IP 1.2.3.4 > 1.2.3.4\n", 30);
	expect(0, ": not a capture file (pcap or pcapng)");
	write_bytes("BZh91AY&SY", 10);
	expect(0, ": bzip2 compression is not supported (gzip, zstd and xz are): decompress it first");
	write_capture(DLT_EN10MB, bytes);
	write_bytes(bytes, 10);
	expect(0, ": not a whole capture: cut short inside the file header");
	write_bytes(bytes, 24);
	expect(0, NULL);
	unlink(path);
	mkdir(path, 0700);
	expect(0, ": is a directory, not a capture");
	rmdir(path);
}
END_TEST

START_TEST(cut_in_the_middle)
{
	static uint8_t bytes[FILE_LONGEST];
	size_t at = 24 + 3 * 16 + 60 + 61 + 62;

	write_capture(DLT_EN10MB, bytes);
	write_bytes(bytes, at);
	expect(3, NULL);
	write_bytes(bytes, at + 1);
	expect(3, ": cut short after packet 3: the file ends in the middle of a packet");
	write_bytes(bytes, at + 16 + 62);
	expect(3, ": cut short after packet 3: the file ends in the middle of a packet");
}
END_TEST

START_TEST(link_types_that_are_not_supported)
{
	static uint8_t bytes[FILE_LONGEST];
	struct text error;

	write_capture(DLT_IEEE802_11, bytes);
	text_init(&error);
	ck_assert_ptr_null(reader_open(path, NULL, &error));
	ck_assert_ptr_nonnull(strstr(text_string(&error),
				     ": link type IEEE802_11 (105) is not supported; supported are NULL, EN10MB, "));
	text_clear(&error);
}
END_TEST

/* Whole, cut anywhere, and with a byte changed: the packets before it, then a sentence. */
static void check_compressed(const uint8_t *packed, size_t len, const char *format)
{
	static uint8_t damaged[FILE_LONGEST];
	char problem[64];
	struct packet_source *source;
	struct packet packet;
	struct text error;
	uint64_t n_packets = 0;

	write_bytes(packed, len);
	expect(N_PACKETS, NULL);
	snprintf(problem, sizeof(problem), "%s data is cut short", format);
	for (size_t cut = 8; cut < len; cut += len / 7) {
		write_bytes(packed, cut);
		text_init(&error);
		ck_assert_uint_lt(read_capture(&error), N_PACKETS);
		ck_assert_msg(strstr(text_string(&error), problem) != NULL, "%zu: %s", cut, text_string(&error));
		text_clear(&error);
	}
	/* Damage may show late: what is read before it is not looked at. */
	memcpy(damaged, packed, len);
	memset(damaged + len / 2, 0x55, 8);
	write_bytes(damaged, len);
	text_init(&error);
	source = reader_open(path, NULL, &error);
	packet_init(&packet);
	while (source && packet_source_next(source, &packet) == PACKET_SOURCE_PACKET)
		n_packets++;
	ck_assert_uint_le(n_packets, N_PACKETS);
	ck_assert_msg(error.len > 0 || source->error.len > 0, "%s", format);
	packet_clear(&packet);
	packet_source_close(source);
	text_clear(&error);
}

#ifdef HAVE_ZLIB
START_TEST(gzip)
{
	static uint8_t bytes[FILE_LONGEST], packed[FILE_LONGEST];
	size_t len = write_capture(DLT_EN10MB, bytes);
	gzFile file = gzopen(path, "wb");

	ck_assert_int_eq(gzwrite(file, bytes, (unsigned)len / 2), len / 2);
	gzclose(file);
	/* Two members, as gzip -c a >>b makes them. */
	file = gzopen(path, "ab");
	ck_assert_int_eq(gzwrite(file, bytes + len / 2, (unsigned)(len - len / 2)), len - len / 2);
	gzclose(file);
	len = read_bytes(packed);
	write_bytes(packed, len);
	expect(N_PACKETS, NULL);
	/* One member, for what goes wrong within it. */
	len = write_capture(DLT_EN10MB, bytes);
	file = gzopen(path, "wb");
	ck_assert_int_eq(gzwrite(file, bytes, (unsigned)len), len);
	gzclose(file);
	len = read_bytes(packed);
	check_compressed(packed, len, "gzip");
}
END_TEST
#endif

#ifdef HAVE_ZSTD
START_TEST(zstd)
{
	static uint8_t bytes[FILE_LONGEST], packed[FILE_LONGEST];
	size_t len = write_capture(DLT_EN10MB, bytes);
	ZSTD_CCtx *zstd_state = ZSTD_createCCtx();

	/* As zstd(1) does it: with a checksum at the end. */
	ZSTD_CCtx_setParameter(zstd_state, ZSTD_c_checksumFlag, 1);
	len = ZSTD_compress2(zstd_state, packed, sizeof(packed), bytes, len);
	ck_assert(!ZSTD_isError(len));
	ZSTD_freeCCtx(zstd_state);
	check_compressed(packed, len, "zstd");
}
END_TEST
#endif

#ifdef HAVE_LZMA
START_TEST(xz)
{
	static uint8_t bytes[FILE_LONGEST], packed[FILE_LONGEST];
	size_t len = write_capture(DLT_EN10MB, bytes), packed_len = 0;

	ck_assert_int_eq(lzma_easy_buffer_encode(6, LZMA_CHECK_CRC64, NULL, bytes, len, packed, &packed_len,
						 sizeof(packed)), LZMA_OK);
	check_compressed(packed, packed_len, "xz");
}
END_TEST
#endif

START_TEST(time_does_not_run_backwards)
{
	static const int64_t absolute[] = { 5000, 9000, 4000, 8999, 9001 };
	static const int64_t wanted[] = { 0, 4000, 4000, 4000, 4001 };
	struct text error;
	struct writer *writer;
	struct packet_source *source;
	struct packet packet;

	text_init(&error);
	writer = writer_open(path, DLT_RAW, true, &error);
	for (int i = 0; i < N_ROWS(absolute); i++)
		writer_add(writer, absolute[i], (const uint8_t *)"E", 1, 1);
	ck_assert(writer_close(writer, &error));
	source = reader_open(path, NULL, &error);
	ck_assert_ptr_nonnull(source);
	packet_init(&packet);
	for (int i = 0; i < N_ROWS(wanted); i++) {
		ck_assert_int_eq(packet_source_next(source, &packet), PACKET_SOURCE_PACKET);
		ck_assert_int_eq(packet.time.ns, wanted[i]);
	}
	ck_assert_int_eq(packet_source_next(source, &packet), PACKET_SOURCE_END);
	ck_assert_uint_eq(source->n_backwards, 2);
	ck_assert_uint_eq(source->first_backwards, 3);
	packet_clear(&packet);
	packet_source_close(source);
	text_clear(&error);
}
END_TEST

/* A pcapng file that is being made, in either byte order. */
struct pcapng {
	uint8_t bytes[4096];
	size_t len;
	bool is_big_endian;
};

static void put(struct pcapng *file, uint32_t value, unsigned n_bytes)
{
	for (unsigned i = 0; i < n_bytes; i++)
		file->bytes[file->len++] = (uint8_t)(value >> 8 * (file->is_big_endian ? n_bytes - 1 - i : i));
}

static void put_padded(struct pcapng *file, const char *bytes, size_t len)
{
	memcpy(file->bytes + file->len, bytes, len);
	file->len += (len + 3) & ~(size_t)3;
}

/* The length before and behind a block whose body has been written. */
static void end_block(struct pcapng *file, size_t start)
{
	size_t end = file->len, total_len = end - start + 4;

	file->len = start + 4;
	put(file, (uint32_t)total_len, 4);
	file->len = end;
	put(file, (uint32_t)total_len, 4);
}

static size_t begin_block(struct pcapng *file, uint32_t type)
{
	size_t start = file->len;

	put(file, type, 4);
	put(file, 0, 4);
	return start;
}

static void add_section(struct pcapng *file)
{
	size_t start = begin_block(file, 0x0a0d0d0a);

	put(file, 0x1a2b3c4d, 4);
	put(file, 1, 2);
	put(file, 0, 2);
	put(file, UINT32_MAX, 4);
	put(file, UINT32_MAX, 4);
	end_block(file, start);
}

static void add_interface(struct pcapng *file, const char *name)
{
	size_t start = begin_block(file, 1);

	put(file, DLT_EN10MB, 2);
	put(file, 0, 2);
	put(file, 65535, 4);
	if (name) {
		put(file, 9, 2);	/* if_tsresol: another option first */
		put(file, 1, 2);
		put_padded(file, "\x06", 1);
		put(file, 2, 2);
		put(file, (uint32_t)strlen(name), 2);
		put_padded(file, name, strlen(name));
		put(file, 0, 4);
	}
	end_block(file, start);
}

static void add_packet(struct pcapng *file, uint32_t interface, uint32_t flags)
{
	size_t start = begin_block(file, 6);

	put(file, interface, 4);
	put(file, 0, 4);
	put(file, 1000, 4);
	put(file, 5, 4);
	put(file, 60, 4);
	put_padded(file, "bytes", 5);
	if (flags) {
		put(file, 2, 2);
		put(file, 4, 2);
		put(file, flags, 4);
		put(file, 0, 4);
	}
	end_block(file, start);
}

static const struct {
	const char *name;
	enum link_direction direction;
} places[] = {
	{ "lan", LINK_UNKNOWN }, { "a longer name", LINK_IN }, { "lan", LINK_OUT }, { NULL, LINK_OUT }, { "other", LINK_IN },
};

/* Two sections: the second begins to count anew. Blocks that are of no interest stand between. */
START_TEST(pcapng_tells_interfaces_and_directions)
{
	struct pcapng file = { .is_big_endian = _i };
	struct packet_source *source;
	struct packet packet;
	struct text error;

	add_section(&file);
	add_interface(&file, "lan");
	add_packet(&file, 0, 0);
	add_interface(&file, "a longer name");
	end_block(&file, begin_block(&file, 0xbad));
	add_packet(&file, 1, 1);
	add_packet(&file, 0, 0x102);
	add_interface(&file, NULL);
	add_packet(&file, 2, 2);
	add_section(&file);
	add_interface(&file, "other");
	add_packet(&file, 0, 1);
	write_bytes(file.bytes, file.len);
	text_init(&error);
	source = reader_open(path, NULL, &error);
	ck_assert_msg(source != NULL, "%s", text_string(&error));
	packet_init(&packet);
	for (int i = 0; i < N_ROWS(places); i++) {
		ck_assert_msg(packet_source_next(source, &packet) == PACKET_SOURCE_PACKET, "packet %d: %s", i + 1,
			      text_string(&source->error));
		ck_assert_int_eq(packet.link.direction, places[i].direction);
		ck_assert_pstr_eq(packet.link.interface_name, places[i].name);
	}
	ck_assert_int_eq(packet_source_next(source, &packet), PACKET_SOURCE_END);
	packet_clear(&packet);
	packet_source_close(source);
	text_clear(&error);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("reader");

	tcase_set_timeout(tcase, 60);
	tcase_add_checked_fixture(tcase, enter_folder, leave_folder);
	tcase_add_test(tcase, a_capture);
	tcase_add_test(tcase, files_that_are_no_capture);
	tcase_add_test(tcase, cut_in_the_middle);
	tcase_add_test(tcase, link_types_that_are_not_supported);
	tcase_add_test(tcase, time_does_not_run_backwards);
	tcase_add_loop_test(tcase, pcapng_tells_interfaces_and_directions, 0, 2);
#ifdef HAVE_ZLIB
	tcase_add_test(tcase, gzip);
#endif
#ifdef HAVE_ZSTD
	tcase_add_test(tcase, zstd);
#endif
#ifdef HAVE_LZMA
	tcase_add_test(tcase, xz);
#endif
	return script_packets_run("capture/reader", tcase);
}
