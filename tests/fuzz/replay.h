/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Known inputs replayed, as they are and changed: the main() of a fuzz target, or, in a target that libFuzzer searches with, what
 * --changed as its first argument asks for. Included last, once, by each target.
 */
#ifndef TESTS_FUZZ_REPLAY_H
#define TESTS_FUZZ_REPLAY_H

#include <dirent.h>
#include <sys/stat.h>

enum { REPLAY_MOST_BYTES = 1 << 20, REPLAY_MOST_DEPTH = 4, REPLAY_LONGEST_PATH = 4096, CHANGES_MOST_BYTES = 1 << 16 };

/* Files, in the order of their names. */
struct inputs {
	char (*paths)[REPLAY_LONGEST_PATH];	/* owned */
	size_t n, capacity;
};

static void add_input(struct inputs *inputs, const char *path)
{
	if (inputs->n == inputs->capacity) {
		inputs->capacity = inputs->capacity * 2 + 64;
		inputs->paths = realloc(inputs->paths, inputs->capacity * sizeof(*inputs->paths));
		if (!inputs->paths)
			exit(EXIT_FAILURE);
	}
	snprintf(inputs->paths[inputs->n++], REPLAY_LONGEST_PATH, "%s", path);
}

static void find_inputs(struct inputs *inputs, const char *path, int depth)
{
	struct stat status;
	struct dirent **entries;
	int n_entries;

	if (stat(path, &status) != 0 || depth > REPLAY_MOST_DEPTH)
		return;
	if (!S_ISDIR(status.st_mode)) {
		add_input(inputs, path);
		return;
	}
	n_entries = scandir(path, &entries, NULL, alphasort);
	for (int i = 0; i < n_entries; i++) {
		char inner[REPLAY_LONGEST_PATH];

		if (entries[i]->d_name[0] != '.' && snprintf(inner, sizeof(inner), "%s/%s", path, entries[i]->d_name) < (int)sizeof(inner))
			find_inputs(inputs, inner, depth + 1);
		free(entries[i]);
	}
	if (n_entries >= 0)
		free(entries);
}

static void find_known(struct inputs *inputs)
{
	const char *top = getenv("srcdir");

	for (size_t i = 0; fuzz_known[i]; i++) {
		char path[REPLAY_LONGEST_PATH];

		if (snprintf(path, sizeof(path), "%s/%s", top ? top : ".", fuzz_known[i]) < (int)sizeof(path))
			find_inputs(inputs, path, 0);
	}
}

/* Of their own length, so that a sanitizer sees a read behind the end. */
static void replay_bytes(const uint8_t *bytes, size_t len)
{
	uint8_t *exact = malloc(len ? len : 1);

	if (!exact)
		exit(EXIT_FAILURE);
	memcpy(exact, bytes, len);
	LLVMFuzzerTestOneInput(exact, len);
	free(exact);
}

static uint64_t draw(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state >> 11;
}

/* Room for `n` bytes at `at`; false: there is none. */
static bool make_gap(uint8_t *bytes, size_t *len, size_t at, size_t n)
{
	if (*len + n > CHANGES_MOST_BYTES)
		return false;
	memmove(bytes + at + n, bytes + at, *len - at);
	*len += n;
	return true;
}

static void change_once(uint8_t *bytes, size_t *len, uint64_t *state)
{
	static const uint8_t edges[] = { 0, 1, 0x7f, 0x80, 0xff, ' ', '"', '\n', '-', '9', '[', '{' };
	size_t at = *len ? draw(state) % *len : 0, from = *len ? draw(state) % *len : 0, n = 1 + draw(state) % 16;

	if (n > *len - at)
		n = *len - at;
	if (n > *len - from)
		n = *len - from;
	switch (draw(state) % 7) {
	case 0:
		if (*len)
			bytes[at] ^= (uint8_t)(1u << draw(state) % 8);
		break;
	case 1:
		if (*len)
			bytes[at] = edges[draw(state) % sizeof(edges)];
		break;
	case 2:
		memmove(bytes + at, bytes + at + n, *len - at - n);
		*len -= n;
		break;
	case 3:
		memmove(bytes + at, bytes + from, n);
		break;
	case 4:
		if (make_gap(bytes, len, at, n))
			memmove(bytes + at, bytes + (from < at ? from : from + n), n);
		break;
	case 5:
		if (make_gap(bytes, len, at, 1))
			bytes[at] = (uint8_t)draw(state);
		break;
	default:
		*len = at;
		break;
	}
}

/* So many changed inputs, the same everywhere and always: they follow from the bytes and nothing else. */
static void replay_changed(const uint8_t *bytes, size_t len, size_t n)
{
	const char *keep = getenv("FUZZ_INPUT");	/* where the one at hand is kept, for whoever finds the program aborted */
	uint64_t state = UINT64_C(0xcbf29ce484222325);
	static uint8_t changed[CHANGES_MOST_BYTES];

	for (size_t i = 0; i < len; i++)
		state = (state ^ bytes[i]) * UINT64_C(0x100000001b3);
	state |= 1;
	for (size_t i = 0; i < n && len <= CHANGES_MOST_BYTES; i++) {
		size_t changed_len = len;
		FILE *file;

		memcpy(changed, bytes, len);
		for (uint64_t edits = 1 + draw(&state) % 5; edits > 0; edits--)
			change_once(changed, &changed_len, &state);
		file = keep ? fopen(keep, "wb") : NULL;
		if (file) {
			fwrite(changed, 1, changed_len, file);
			fclose(file);
		}
		replay_bytes(changed, changed_len);
	}
}

static void replay_file(const char *path, size_t n_changed)
{
	uint8_t *bytes = malloc(REPLAY_MOST_BYTES);
	FILE *file = fopen(path, "rb");
	size_t len;

	if (!file || !bytes) {
		fprintf(stderr, "%s: cannot be read\n", path);
		exit(EXIT_FAILURE);
	}
	len = fread(bytes, 1, REPLAY_MOST_BYTES, file);
	fclose(file);
	printf("# %s\n", path);
	fflush(stdout);
	replay_bytes(bytes, len);
	replay_changed(bytes, len, n_changed);
	free(bytes);
}

static int replay(int argc, char **argv)
{
	struct inputs inputs = { .paths = NULL };
	bool is_changing = argc > 2 && strcmp(argv[1], "--changed") == 0;
	size_t most = is_changing ? strtoul(argv[2], NULL, 10) : 0;
	int first = is_changing ? 3 : 1;

	for (int i = first; i < argc; i++)
		find_inputs(&inputs, argv[i], 0);
	if (first == argc)
		find_known(&inputs);
	for (size_t i = 0; i < inputs.n; i++)
		replay_file(inputs.paths[i], (most + inputs.n - 1) / inputs.n);
	printf("%s 1 - %zu inputs replayed\n1..1\n", inputs.n ? "ok" : "not ok", inputs.n);
	free(inputs.paths);
	return inputs.n ? EXIT_SUCCESS : EXIT_FAILURE;
}

#ifdef FUZZ_LIBFUZZER

int LLVMFuzzerInitialize(int *argc, char ***argv);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	if (*argc > 1 && strcmp((*argv)[1], "--changed") == 0)
		exit(replay(*argc, *argv));
	return 0;
}

#else

int main(int argc, char **argv)
{
	return replay(argc, argv);
}

#endif
#endif
