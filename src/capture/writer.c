/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "capture/writer.h"

#include <errno.h>
#include <fcntl.h>
#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/final_name.h"
#include "clock/vtime.h"

enum { SNAP_LEN = 262144, MOST_ATTEMPTS = 100 };

struct writer {
	char *name;		/* as messages call it; owned */
	char *path;		/* where the file is to appear; NULL when written directly; owned */
	char *temporary;	/* owned; NULL when written directly */
	FILE *stream;
	bool is_borrowed;	/* the stream is the caller's */
	bool has_nanoseconds;
	pcap_t *pcap;		/* owned */
	pcap_dumper_t *dumper;	/* owned; closing it closes the stream */
	int error_number;	/* of the first failure; 0: none */
};

static void destroy(struct writer *writer)
{
	if (writer->pcap)
		pcap_close(writer->pcap);
	free(writer->name);
	free(writer->path);
	free(writer->temporary);
	free(writer);
}

static bool is_regular_or_missing(const char *path)
{
	struct stat status;

	return stat(path, &status) != 0 || S_ISREG(status.st_mode);
}

/* A new file beside `path`, with the permissions that `path` itself would get. */
static FILE *create_temporary(const char *path, char **temporary)
{
	for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
		struct text name;
		int file;

		text_init(&name);
		text_printf(&name, "%s.%d.part", path, attempt);
		file = open(text_string(&name), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
		if (file >= 0) {
			*temporary = alloc_copy(text_string(&name), name.len);
			text_clear(&name);
			return fdopen(file, "wb");
		}
		text_clear(&name);
		if (errno != EEXIST)
			return NULL;
	}
	return NULL;
}

static bool open_file(struct writer *writer, const char *path)
{
	if (is_regular_or_missing(path))
		writer->path = final_name(path);
	writer->stream = writer->path ? create_temporary(writer->path, &writer->temporary) : fopen(path, "wb");
	return writer->stream != NULL;
}

/* libpcap's dumper on the stream; false with errno or libpcap's words in `error`. */
static bool start(struct writer *writer, int link_type, struct text *error)
{
	writer->pcap = pcap_open_dead_with_tstamp_precision(link_type, SNAP_LEN, writer->has_nanoseconds ?
							    PCAP_TSTAMP_PRECISION_NANO : PCAP_TSTAMP_PRECISION_MICRO);
	if (!writer->pcap) {
		text_printf(error, "%s: cannot write packets of link type %d", writer->name, link_type);
		return false;
	}
	writer->dumper = pcap_dump_fopen(writer->pcap, writer->stream);
	if (!writer->dumper)
		text_printf(error, "%s: %s", writer->name, pcap_geterr(writer->pcap));
	return writer->dumper != NULL;
}

static struct writer *create(const char *name, bool has_nanoseconds)
{
	struct writer *writer = alloc_zeroed(1, sizeof(*writer));

	writer->name = alloc_copy(name, strlen(name));
	writer->has_nanoseconds = has_nanoseconds;
	return writer;
}

struct writer *writer_open(const char *path, int link_type, bool has_nanoseconds, struct text *error)
{
	struct writer *writer = create(path, has_nanoseconds);

	if (!open_file(writer, path)) {
		text_printf(error, "%s: %s", path, strerror(errno));
		destroy(writer);
		return NULL;
	}
	if (!start(writer, link_type, error)) {
		writer_discard(writer);
		return NULL;
	}
	return writer;
}

struct writer *writer_open_stream(FILE *stream, const char *name, int link_type, bool has_nanoseconds,
				  struct text *error)
{
	struct writer *writer = create(name, has_nanoseconds);

	writer->stream = stream;
	writer->is_borrowed = true;
	if (!start(writer, link_type, error)) {
		destroy(writer);
		return NULL;
	}
	return writer;
}

static bool note_failure(struct writer *writer)
{
	if (!writer->error_number)
		writer->error_number = errno ? errno : EIO;
	return false;
}

bool writer_add(struct writer *writer, int64_t absolute_ns, const uint8_t *bytes, uint32_t captured_len,
		uint32_t original_len)
{
	int64_t ns = absolute_ns % VTIME_NS_PER_SECOND;
	struct pcap_pkthdr header = { .caplen = captured_len, .len = original_len };

	if (writer->error_number)
		return false;
	header.ts.tv_sec = absolute_ns / VTIME_NS_PER_SECOND;
	header.ts.tv_usec = writer->has_nanoseconds ? ns : ns / 1000;
	errno = 0;
	pcap_dump((u_char *)writer->dumper, &header, bytes);
	return ferror(writer->stream) ? note_failure(writer) : true;
}

/* Ends the stream: a borrowed one stays open, so the dumper's memory is the stream itself and nothing is lost. */
static void end_stream(struct writer *writer)
{
	errno = 0;
	if (writer->dumper && (pcap_dump_flush(writer->dumper) != 0 || ferror(writer->stream)))
		note_failure(writer);
	if (writer->is_borrowed)
		return;
	/* fclose() again, for what only closing tells (quotas, network file systems). */
	errno = 0;
	if (fclose(writer->stream) != 0)
		note_failure(writer);
}

bool writer_close(struct writer *writer, struct text *error)
{
	bool is_good;

	end_stream(writer);
	errno = 0;
	if (!writer->error_number && writer->temporary && rename(writer->temporary, writer->path) != 0)
		note_failure(writer);
	is_good = writer->error_number == 0;
	if (!is_good) {
		text_printf(error, "%s: %s", writer->name, strerror(writer->error_number));
		if (writer->temporary)
			unlink(writer->temporary);
	}
	destroy(writer);
	return is_good;
}

void writer_discard(struct writer *writer)
{
	if (!writer)
		return;
	end_stream(writer);
	if (writer->temporary)
		unlink(writer->temporary);
	destroy(writer);
}
