/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sink/output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/final_name.h"

enum { FLUSH_AT = 64 * 1024 };

void output_init(struct output *output)
{
	memset(output, 0, sizeof(*output));
	text_init(&output->buffer);
}

void output_open_stream(struct output *output, FILE *file, const char *name, bool is_immediate)
{
	output_init(output);
	output->file = file;
	output->path = alloc_copy(name, strlen(name));
	output->is_immediate = is_immediate;
}

void output_open_function(struct output *output, output_write *write, void *owner, const char *name)
{
	output_init(output);
	output->write = write;
	output->owner = owner;
	output->path = alloc_copy(name, strlen(name));
	output->is_immediate = true;
}

static void free_names(struct output *output)
{
	free(output->path);
	free(output->final_path);
	free(output->partial_path);
	output->path = output->final_path = output->partial_path = NULL;
}

static int open_partial(struct output *output, const char *path, const struct stat *old)
{
	struct text name;
	int fd;

	output->final_path = final_name(path);
	if (!output->final_path)
		return open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	text_init(&name);
	text_append(&name, output->final_path);
	text_append(&name, ".partial");
	output->partial_path = alloc_copy(text_string(&name), name.len);
	text_clear(&name);
	fd = open(output->partial_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (fd >= 0 && old)
		(void)fchmod(fd, old->st_mode & 07777); /* the file keeps its mode, as if it had been overwritten */
	return fd;
}

bool output_open_file(struct output *output, const char *path, struct text *error)
{
	struct stat old;
	bool exists = stat(path, &old) == 0;
	int fd;

	output_init(output);
	output->path = alloc_copy(path, strlen(path));
	if (exists && S_ISDIR(old.st_mode)) {
		errno = EISDIR;
		fd = -1;
	} else if (exists && !S_ISREG(old.st_mode)) {
		fd = open(path, O_WRONLY | O_CLOEXEC);
	} else {
		fd = open_partial(output, path, exists ? &old : NULL);
	}
	if (fd >= 0)
		output->file = fdopen(fd, "w");
	if (!output->file) {
		text_printf(error, "%s: cannot write: %s", path, strerror(errno));
		if (fd >= 0)
			close(fd);
		output_clear(output);
		return false;
	}
	output->owns_file = true;
	return true;
}

static void remember(struct output *output)
{
	if (!output->error)
		output->error = errno ? errno : EIO;
}

/* Whole, though a signal comes: it asks the replay to end, and not what the replay has told. Nothing is in the stream's own buffer. */
static bool write_stream(FILE *stream, const char *bytes, size_t len)
{
	while (len) {
		ssize_t n = write(fileno(stream), bytes, len);

		if (n == 0 || (n < 0 && errno != EINTR))
			return false;
		if (n > 0) {
			bytes += n;
			len -= (size_t)n;
		}
	}
	return true;
}

static bool write_out(struct output *output)
{
	const struct text *buffer = &output->buffer;

	if (output->write)
		return output->write(output->owner, buffer->bytes, buffer->len);
	return fflush(output->file) == 0 && write_stream(output->file, buffer->bytes, buffer->len);
}

void output_flush(struct output *output)
{
	if (!output->file && !output->write)
		return;
	errno = 0;
	if (!output->error && output->buffer.len && !write_out(output))
		remember(output);
	text_reset(&output->buffer);
}

void output_flush_if_full(struct output *output)
{
	if (output->buffer.len >= FLUSH_AT || output->is_immediate)
		output_flush(output);
}

static void close_file(struct output *output, bool is_complete)
{
	if (output->file && output->owns_file) {
		errno = 0;
		if (fclose(output->file) != 0)
			remember(output);
	}
	output->file = NULL;
	if (!output->partial_path)
		return;
	if (output->error || !is_complete) {
		unlink(output->partial_path);
	} else if (rename(output->partial_path, output->final_path) != 0) {
		remember(output);
		unlink(output->partial_path);
	}
	free(output->partial_path);
	output->partial_path = NULL;
}

bool output_close(struct output *output, bool is_complete, struct text *error)
{
	bool is_memory = !output->file && !output->write;
	int failure;

	if (is_memory)
		return true;
	output_flush(output);
	close_file(output, is_complete);
	failure = output->error;
	if (failure)
		text_printf(error, "%s: cannot write: %s", output->path, strerror(failure));
	output_clear(output);
	return failure == 0;
}

void output_clear(struct output *output)
{
	close_file(output, false);
	free_names(output);
	text_clear(&output->buffer);
	output_init(output);
}
