/*
 * LD_PRELOAD library: memory for libcamera's buffers where the kernel has no /dev/udmabuf and no
 * /dev/dma_heap, as in containers. Opening one of these gives a token; asking it for a buffer
 * gives ordinary shared memory, which for a camera in software is as good.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/dma-buf.h>
#include <linux/dma-heap.h>
#include <linux/udmabuf.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

static int provides(const char *path)
{
	return strcmp(path, "/dev/udmabuf") == 0 || strcmp(path, "/dev/dma_heap/linux,cma") == 0;
}

static int opened(const char *symbol, const char *path, int flags, mode_t mode)
{
	int (*real)(const char *, int, ...) = (int (*)(const char *, int, ...))dlsym(RTLD_NEXT, symbol);

	return provides(path) ? memfd_create("provider", MFD_CLOEXEC) : real(path, flags, mode);
}

static mode_t mode_of(int flags, va_list rest)
{
	return flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;
}

int open(const char *path, int flags, ...)
{
	va_list rest;

	va_start(rest, flags);
	mode_t mode = mode_of(flags, rest);
	va_end(rest);
	return opened("open", path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
	va_list rest;

	va_start(rest, flags);
	mode_t mode = mode_of(flags, rest);
	va_end(rest);
	return opened("open64", path, flags, mode);
}

int ioctl(int fd, unsigned long request, ...)
{
	int (*real)(int, unsigned long, void *) = (int (*)(int, unsigned long, void *))dlsym(RTLD_NEXT, "ioctl");
	va_list rest;

	va_start(rest, request);
	void *argument = va_arg(rest, void *);
	va_end(rest);
	/* Python hands over requests as signed numbers. */
	switch ((unsigned int)request) {
	case (unsigned int)UDMABUF_CREATE: /* of memory that libcamera has made */
		return dup((int)((struct udmabuf_create *)argument)->memfd);
	case (unsigned int)DMA_HEAP_IOCTL_ALLOC: {
		struct dma_heap_allocation_data *asked = argument;
		int memory = memfd_create("buffer", MFD_CLOEXEC);

		if (memory < 0 || ftruncate(memory, (off_t)asked->len) < 0)
			return -1;
		asked->fd = (__u32)memory;
		return 0;
	}
	case (unsigned int)DMA_BUF_IOCTL_SYNC: /* ordinary memory is always in step */
	case (unsigned int)DMA_BUF_SET_NAME_A:
	case (unsigned int)DMA_BUF_SET_NAME_B:
		return 0;
	default:
		return real(fd, request, argument);
	}
}
