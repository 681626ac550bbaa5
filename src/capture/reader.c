/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "capture/reader.h"

#include <errno.h>
#include <fcntl.h>
#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/system.h"
#include "capture/decompress.h"
#include "capture/pcapng_places.h"
#include "capture/plain_records.h"
#include "packet/decode.h"

enum { LINK_TYPE_LARGEST = 400, PCAPNG_FIRST_BYTE = 0x0a, BUFFER_LEN = 64 * 1024 };

struct reader {
	struct packet_source source;	/* first: the two are one object */
	pcap_t *pcap;			/* owned; closes the stream */
	char *buffer;			/* owned; of a file's stream, which is fed by larger pieces than by default */
	char *name;			/* as messages call the file; owned */
	struct text stream_error;	/* what decompression says */
	const struct limits *limits;	/* borrowed while it is opened */
	struct pcapng_places *places;	/* owned; of a pcapng file, else NULL */
	bool is_plain_file;		/* a regular one, which is not compressed */
	struct plain_records *plain;	/* owned; who reads instead of libpcap, up to the first odd record; or NULL */
	bool has_ended;
	enum packet_source_result last;	/* once has_ended */
	int file;			/* borrowed: what lies below all streams */
	off_t marked;
};

/* libpcap reads captures whose interfaces are all alike. */
static bool is_about_interfaces(const char *problem)
{
	return strstr(problem, "of the first interface") != NULL;
}

/* What libpcap, or the stream under it, says; in words about the file. */
static void explain(const struct reader *reader, const char *problem, struct text *error)
{
	uint64_t n_packets = reader->source.n_packets;

	text_printf(error, "%s: ", reader->name);
	if (is_about_interfaces(problem)) {
		text_printf(error, "interfaces of several link types or snapshot lengths in one file, which libpcap does not"
			    " read; split it, for each interface: tshark -r '%s' -Y 'frame.interface_id == 0' -w 0.pcapng &&"
			    " editcap -F pcap -T ether 0.pcapng 0.pcap", reader->name);
		return;
	}
	if (reader->stream_error.len)
		problem = text_string(&reader->stream_error);
	if (strncmp(problem, "truncated", strlen("truncated")) == 0)
		text_printf(error, "cut short after packet %llu: the file ends in the middle of a packet",
			    (unsigned long long)n_packets);
	else
		text_printf(error, "after packet %llu: %s", (unsigned long long)n_packets, problem);
}

static enum packet_source_result end(struct reader *reader, enum packet_source_result result)
{
	reader->has_ended = true;
	reader->last = result;
	return result;
}

/* Far beyond any real capture, and still a number of nanoseconds. */
static int64_t absolute_ns(const struct pcap_pkthdr *header)
{
	const int64_t most_seconds = INT64_C(4000000000);
	int64_t seconds = header->ts.tv_sec;

	if (seconds > most_seconds)
		seconds = most_seconds;
	if (seconds < 0)
		seconds = 0;
	/* With nanosecond precision libpcap puts nanoseconds into tv_usec; damaged files may hold any 32 bits. */
	return seconds * VTIME_NS_PER_SECOND + (int64_t)(header->ts.tv_usec & 0xffffffff);
}

static enum packet_source_result next_by_libpcap(struct reader *reader, struct packet *packet)
{
	struct packet_source *source = &reader->source;
	struct pcap_pkthdr *header;
	const u_char *frame;
	int result;

	if (reader->has_ended)
		return reader->last;
	result = pcap_next_ex(reader->pcap, &header, &frame);
	if (result == PCAP_ERROR_BREAK)
		return end(reader, PACKET_SOURCE_END);
	if (result != 1) {
		explain(reader, pcap_geterr(reader->pcap), &source->error);
		return end(reader, PACKET_SOURCE_ERROR);
	}
	packet->frame = frame;
	packet->captured_len = header->caplen;
	packet->original_len = header->len;
	packet_source_stamp(source, packet, absolute_ns(header));
	if (reader->places)
		pcapng_places_take(reader->places, packet);
	return PACKET_SOURCE_PACKET;
}

static enum packet_source_result next(struct packet_source *source, struct packet *packet)
{
	struct reader *reader = (struct reader *)source;
	struct plain_record record;
	off_t place;

	if (!reader->plain)
		return next_by_libpcap(reader, packet);
	if (!plain_records_next(reader->plain, &record, &place)) {
		plain_records_close(reader->plain);
		reader->plain = NULL;
		if (fseeko(pcap_file(reader->pcap), place, SEEK_SET) != 0) {
			text_printf(&source->error, "%s: %s", reader->name, strerror(errno));
			return end(reader, PACKET_SOURCE_ERROR);
		}
		return next_by_libpcap(reader, packet);
	}
	packet->frame = record.frame;
	packet->captured_len = record.captured_len;
	packet->original_len = record.original_len;
	packet_source_stamp(source, packet, record.absolute_ns);
	return PACKET_SOURCE_PACKET;
}

static void close_reader(struct packet_source *source)
{
	struct reader *reader = (struct reader *)source;

	plain_records_close(reader->plain);
	if (reader->pcap)
		pcap_close(reader->pcap);
	free(reader->buffer);
	pcapng_places_free(reader->places);
	text_clear(&reader->stream_error);
	text_clear(&source->error);
	free(reader->name);
	free(reader);
}

static void mark(struct packet_source *source)
{
	struct reader *reader = (struct reader *)source;

	reader->marked = lseek(reader->file, 0, SEEK_CUR);
}

/* What the streams have read already stays in their buffers; they go on where the mark is. */
static bool resume(struct packet_source *source)
{
	struct reader *reader = (struct reader *)source;
	int fresh = open(reader->name, O_RDONLY | O_CLOEXEC);
	bool is_ok = fresh >= 0 && lseek(fresh, reader->marked, SEEK_SET) == reader->marked && dup2(fresh, reader->file) >= 0;

	if (fresh >= 0)
		close(fresh);
	return is_ok;
}

static FILE *open_raw(struct reader *reader, const char *path, struct text *error)
{
	const char *name = reader->name;
	struct stat status;
	FILE *raw;

	if (strcmp(path, "-") == 0)
		return stdin;
	if (stat(path, &status) != 0) {
		text_printf(error, "%s: %s", name, strerror(errno));
		return NULL;
	}
	if (S_ISDIR(status.st_mode)) {
		text_printf(error, "%s: is a directory, not a capture", name);
		return NULL;
	}
	raw = fopen(path, "rb");
	if (!raw)
		text_printf(error, "%s: %s", name, strerror(errno));
	if (!raw || !S_ISREG(status.st_mode))
		return raw;
	reader->buffer = alloc_zeroed(BUFFER_LEN, 1);
	setvbuf(raw, reader->buffer, _IOFBF, BUFFER_LEN);
	return raw;
}

/* A stream of pcap or pcapng bytes that holds at least one. */
static FILE *open_stream(struct reader *reader, const char *path, struct text *error)
{
	FILE *raw = open_raw(reader, path, error), *stream;
	int first;

	if (!raw)
		return NULL;
	reader->file = fileno(raw);
	stream = decompress_open(raw, reader->limits, &reader->stream_error);
	if (!stream) {
		text_printf(error, "%s: %s", reader->name, text_string(&reader->stream_error));
		return NULL;
	}
	reader->is_plain_file = stream == raw && reader->buffer;
	first = getc(stream);
	if (first != EOF) {
		ungetc(first, stream);
		return first == PCAPNG_FIRST_BYTE ? pcapng_places_open(stream, &reader->places) : stream;
	}
	text_printf(error, "%s: %s", reader->name, reader->stream_error.len ? text_string(&reader->stream_error) :
		    ferror(stream) ? "cannot be read" : "empty file, not a capture");
	if (stream != stdin)
		fclose(stream);
	return NULL;
}

static void explain_open(const struct reader *reader, const char *problem, struct text *error)
{
	if (is_about_interfaces(problem))
		explain(reader, problem, error);
	else if (reader->stream_error.len)
		text_printf(error, "%s: %s", reader->name, text_string(&reader->stream_error));
	else if (strcmp(problem, "unknown file format") == 0)
		text_printf(error, "%s: not a capture file (pcap or pcapng)", reader->name);
	else if (strncmp(problem, "truncated", strlen("truncated")) == 0)
		text_printf(error, "%s: not a whole capture: cut short inside the file header", reader->name);
	else
		text_printf(error, "%s: %s", reader->name, problem);
}

static bool check_link_type(const struct reader *reader, struct text *error)
{
	int link_type = pcap_datalink(reader->pcap);
	const char *name = pcap_datalink_val_to_name(link_type);
	const char *separator = "";

	if (decode_supports_link_type(link_type))
		return true;
	text_printf(error, "%s: link type %s (%d) is not supported; supported are ", reader->name,
		    name ? name : "without a name", link_type);
	for (int i = 0; i < LINK_TYPE_LARGEST; i++) {
		name = pcap_datalink_val_to_name(i);
		if (!name || !decode_supports_link_type(i))
			continue;
		text_printf(error, "%s%s", separator, name);
		separator = ", ";
	}
	return false;
}

static bool open_pcap(struct reader *reader, const char *path, struct text *error)
{
	char problem[PCAP_ERRBUF_SIZE] = "";
	FILE *stream = open_stream(reader, path, error);

	if (!stream)
		return false;
	system_skip_locks(stream);	/* nobody but libpcap reads it */
	reader->pcap = pcap_fopen_offline_with_tstamp_precision(stream, PCAP_TSTAMP_PRECISION_NANO, problem);
	if (!reader->pcap) {
		explain_open(reader, problem, error);
		if (stream != stdin)
			fclose(stream);
		return false;
	}
	return check_link_type(reader, error);
}

bool reader_is_live(const char *path)
{
	struct stat status;

	return strcmp(path, "-") == 0 || (stat(path, &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode));
}

struct packet_source *reader_open(const char *path, const struct limits *limits, struct text *error)
{
	struct reader *reader = alloc_zeroed(1, sizeof(*reader));
	const char *name = strcmp(path, "-") == 0 ? "standard input" : path;

	reader->limits = limits ? limits : &limits_usual;
	reader->source.next = next;
	reader->source.close = close_reader;
	reader->source.mark = mark;
	reader->source.resume = resume;
	reader->name = alloc_copy(name, strlen(name));
	if (!open_pcap(reader, path, error)) {
		close_reader(&reader->source);
		return NULL;
	}
	reader->source.is_live = reader_is_live(path);
	reader->source.link_type = pcap_datalink(reader->pcap);
	if (reader->is_plain_file)
		reader->plain = plain_records_open(reader->file);
	return &reader->source;
}
