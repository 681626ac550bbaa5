/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "capture/decompress.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/types.h>
#ifdef HAVE_ZLIB
#include <zlib.h>
#endif
#ifdef HAVE_ZSTD
#include <zstd.h>
#endif
#ifdef HAVE_LZMA
#include <lzma.h>
#endif

#include "base/alloc.h"
#include "base/system.h"

enum { INPUT_CAPACITY = 65536, PLAIN_CAPACITY = 262144, MAGIC_LONGEST = 6, XZ_MOST_MEMORY = 256 * 1024 * 1024 };

struct decompress {
	FILE *raw;
	struct text *error;		/* borrowed */
	const struct format *format;
	bool is_inside;			/* within a compressed frame: the input must not end here */
	bool is_finished;
	uint64_t unfolding;		/* limits.unfolding */
	uint64_t n_in, n_out;
	size_t input_at, input_len;
	uint8_t input[INPUT_CAPACITY];
#ifdef HAVE_ZLIB
	z_stream gzip;
#endif
#ifdef HAVE_ZSTD
	ZSTD_DStream *zstd;
#endif
#ifdef HAVE_LZMA
	lzma_stream xz;
#endif
};

/*
 * One way of packing. `step` turns input into at most `size` bytes of output and moves
 * input_at; -1 is failure. Formats without a step are known only to be refused.
 */
struct format {
	const char *name;
	const char *magic;
	size_t magic_len;
	const char *library;		/* that was missing in this build, or NULL: not supported at all */
	bool (*start)(struct decompress *stream);
	ssize_t (*step)(struct decompress *stream, char *out, size_t size);
	void (*finish)(struct decompress *stream);
};

/*
 * False at the end of the input. Takes what is there and does not wait for more: a live capture through a pipe is told as it
 * comes. Nothing reads through the raw stream's own buffer.
 */
static bool refill(struct decompress *stream)
{
	ssize_t n;

	if (stream->input_at < stream->input_len)
		return true;
	stream->input_at = 0;
	n = read(fileno(stream->raw), stream->input, sizeof(stream->input));
	stream->input_len = n > 0 ? (size_t)n : 0;
	stream->n_in += stream->input_len;
	if (n < 0)
		text_printf(stream->error, "%s", strerror(errno));
	return n > 0;
}

static ssize_t fail(struct decompress *stream, const char *problem)
{
	if (stream->error->len == 0)
		text_printf(stream->error, "%s data %s", stream->format->name, problem);
	stream->is_finished = true;
	errno = EIO;
	return -1;
}

static ssize_t step_plain(struct decompress *stream, char *out, size_t size)
{
	size_t n = stream->input_len - stream->input_at;

	if (n > size)
		n = size;
	memcpy(out, stream->input + stream->input_at, n);
	stream->input_at += n;
	return (ssize_t)n;
}

#ifdef HAVE_ZLIB
static bool start_gzip(struct decompress *stream)
{
	enum { LARGEST_WINDOW = 15, GZIP_HEADER = 16 };

	return inflateInit2(&stream->gzip, LARGEST_WINDOW + GZIP_HEADER) == Z_OK;
}

static ssize_t step_gzip(struct decompress *stream, char *out, size_t size)
{
	z_stream *gzip = &stream->gzip;
	size_t wanted = size < INT32_MAX ? size : INT32_MAX;
	int result;

	if (!stream->is_inside) {
		/* A member ended before. gzip(1) ignores what follows unless it is another one. */
		if (stream->input[stream->input_at] != 0x1f) {
			stream->is_finished = true;
			return 0;
		}
		inflateReset(gzip);
		stream->is_inside = true;
	}
	gzip->next_in = stream->input + stream->input_at;
	gzip->avail_in = (unsigned)(stream->input_len - stream->input_at);
	gzip->next_out = (unsigned char *)out;
	gzip->avail_out = (unsigned)wanted;
	result = inflate(gzip, Z_NO_FLUSH);
	stream->input_at = stream->input_len - gzip->avail_in;
	if (result == Z_STREAM_END)
		stream->is_inside = false;
	else if (result != Z_OK && result != Z_BUF_ERROR)
		return fail(stream, "is damaged");
	return (ssize_t)(wanted - gzip->avail_out);
}

static void finish_gzip(struct decompress *stream)
{
	inflateEnd(&stream->gzip);
}
#else
#define start_gzip NULL
#define step_gzip NULL
#define finish_gzip NULL
#endif

#ifdef HAVE_ZSTD
static bool start_zstd(struct decompress *stream)
{
	stream->zstd = ZSTD_createDStream();
	return stream->zstd != NULL;
}

static ssize_t step_zstd(struct decompress *stream, char *out, size_t size)
{
	ZSTD_inBuffer in = { .src = stream->input, .size = stream->input_len, .pos = stream->input_at };
	ZSTD_outBuffer produced = { .dst = out, .size = size };
	size_t hint = ZSTD_decompressStream(stream->zstd, &produced, &in);

	stream->input_at = in.pos;
	if (ZSTD_isError(hint))
		return fail(stream, "is damaged");
	stream->is_inside = hint != 0;
	return (ssize_t)produced.pos;
}

static void finish_zstd(struct decompress *stream)
{
	ZSTD_freeDStream(stream->zstd);
}
#else
#define start_zstd NULL
#define step_zstd NULL
#define finish_zstd NULL
#endif

#ifdef HAVE_LZMA
static bool start_xz(struct decompress *stream)
{
	return lzma_stream_decoder(&stream->xz, XZ_MOST_MEMORY, LZMA_CONCATENATED) == LZMA_OK;
}

static ssize_t step_xz(struct decompress *stream, char *out, size_t size)
{
	lzma_stream *xz = &stream->xz;
	bool is_last = stream->input_at == stream->input_len;
	lzma_ret result;

	xz->next_in = stream->input + stream->input_at;
	xz->avail_in = stream->input_len - stream->input_at;
	xz->next_out = (uint8_t *)out;
	xz->avail_out = size;
	result = lzma_code(xz, is_last ? LZMA_FINISH : LZMA_RUN);
	stream->input_at = stream->input_len - xz->avail_in;
	if (result == LZMA_STREAM_END)
		stream->is_finished = true;
	else if (result == LZMA_MEMLIMIT_ERROR)
		return fail(stream, "needs more than 256 MiB of memory");
	else if (result == LZMA_BUF_ERROR)
		return is_last ? fail(stream, "is cut short") : 0;
	else if (result != LZMA_OK)
		return fail(stream, "is damaged");
	return (ssize_t)(size - xz->avail_out);
}

static void finish_xz(struct decompress *stream)
{
	lzma_end(&stream->xz);
}
#else
#define start_xz NULL
#define step_xz NULL
#define finish_xz NULL
#endif

static const struct format plain = { .name = "plain", .step = step_plain };

static const struct format formats[] = {
	{ "gzip", "\x1f\x8b", 2, "zlib", start_gzip, step_gzip, finish_gzip },
	{ "zstd", "\x28\xb5\x2f\xfd", 4, "libzstd", start_zstd, step_zstd, finish_zstd },
	{ "xz", "\xfd" "7zXZ\0", 6, "liblzma", start_xz, step_xz, finish_xz },
	{ .name = "bzip2", .magic = "BZh", .magic_len = 3 },
	{ .name = "lz4", .magic = "\x04\x22\x4d\x18", .magic_len = 4 },
	{ .name = "zip", .magic = "PK\x03\x04", .magic_len = 4 },
	{ .name = "7z", .magic = "7z\xbc\xaf\x27\x1c", .magic_len = 6 },
};

static const struct format *find_format(const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (len >= formats[i].magic_len && memcmp(bytes, formats[i].magic, formats[i].magic_len) == 0)
			return &formats[i];
	return &plain;
}

/* A few bytes can hold hours of nothing. */
static bool is_unfolded_too_far(const struct decompress *stream)
{
	return stream->format->start && stream->n_out > LIMITS_UNFOLDED_ANYWAY &&
	       (stream->n_out - LIMITS_UNFOLDED_ANYWAY) / stream->unfolding > stream->n_in;
}

static ssize_t fail_unfolded(struct decompress *stream)
{
	struct text problem;
	ssize_t result;

	text_init(&problem);
	text_printf(&problem, "unfolds to more than %" PRIu64 " times its size: --limit unfolding=N allows more", stream->unfolding);
	result = fail(stream, text_string(&problem));
	text_clear(&problem);
	return result;
}

/* Called by stdio; 0 is the end. */
static ssize_t read_some(void *cookie, char *out, size_t size)
{
	struct decompress *stream = cookie;
	ssize_t n = 0;

	while (n == 0 && !stream->is_finished) {
		bool is_over = !refill(stream);

		if (is_over && stream->error->len)
			return fail(stream, "");
		if (is_over && stream->is_inside)
			return fail(stream, "is cut short");
		if (is_over && stream->format->step != step_xz)
			break;
		n = stream->format->step(stream, out, size);
		if (n > 0)
			stream->n_out += (uint64_t)n;
		if (is_unfolded_too_far(stream))
			return fail_unfolded(stream);
	}
	return n;
}

static int close_stream(void *cookie)
{
	struct decompress *stream = cookie;

	if (stream->format->finish)
		stream->format->finish(stream);
	if (stream->raw != stdin)
		fclose(stream->raw);
	free(stream);
	return 0;
}

static bool refuse(const struct format *format, struct text *error)
{
	if (format->library)
		text_printf(error, "%s compression: this program was built without %s", format->name, format->library);
	else
		text_printf(error, "%s compression is not supported (gzip, zstd and xz are): decompress it first",
			    format->name);
	return false;
}

/* The first bytes. Where the file can be wound back it is left where it was, else they are input that was read. */
static bool read_magic(struct decompress *stream, bool *is_seekable)
{
	int fd = fileno(stream->raw);
	off_t start = lseek(fd, 0, SEEK_CUR);
	ssize_t n = 0;

	*is_seekable = start >= 0;
	do {
		stream->input_len += (size_t)n;
		n = read(fd, stream->input + stream->input_len, MAGIC_LONGEST - stream->input_len);
	} while (n > 0);
	if (n < 0 || (*is_seekable && lseek(fd, start, SEEK_SET) < 0)) {
		text_printf(stream->error, "%s", strerror(errno));
		return false;
	}
	return true;
}

/* Chooses how to read what is there. */
static bool start(struct decompress *stream, bool *is_seekable)
{
	if (!read_magic(stream, is_seekable))
		return false;
	stream->format = find_format(stream->input, stream->input_len);
	if (*is_seekable)
		stream->input_len = 0;
	if (!stream->format->step)
		return refuse(stream->format, stream->error);
	if (stream->format->start && !stream->format->start(stream)) {
		text_printf(stream->error, "%s: cannot start decompression", stream->format->name);
		return false;
	}
	return true;
}

FILE *decompress_open(FILE *raw, const struct limits *limits, struct text *error)
{
	struct decompress *stream = alloc_zeroed(1, sizeof(*stream));
	bool is_seekable;
	FILE *file;

	stream->raw = raw;
	stream->error = error;
	stream->unfolding = limits->unfolding;
	if (!start(stream, &is_seekable)) {
		stream->format = &plain;
		close_stream(stream);
		return NULL;
	}
	/* A plain file needs no help, but a buffer. */
	if (stream->format == &plain && is_seekable) {
		setvbuf(raw, NULL, _IOFBF, PLAIN_CAPACITY);
		free(stream);
		return raw;
	}
	file = system_open_stream(stream, read_some, close_stream);
	if (!file) {
		text_printf(error, "%s", strerror(errno));
		close_stream(stream);
		return NULL;
	}
	setvbuf(file, NULL, _IOFBF, INPUT_CAPACITY);
	return file;
}
