/* What the loader leaves in memory. It looks at every symbol of some hundred libraries, and each page that it reads
   stays mapped, with its neighbours: far more than an analysis ever touches. */
#define _GNU_SOURCE
#include "CMediaHost.h"

#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

/* Code that was relocated in place is a copy of this process: dropped, it would come back unrelocated. */
static int has_relocated_code(const struct dl_phdr_info *object) {
    for (int i = 0; i < object->dlpi_phnum; i++) {
        if (object->dlpi_phdr[i].p_type != PT_DYNAMIC) continue;
        const ElfW(Dyn) *entry = (const ElfW(Dyn) *)(object->dlpi_addr + object->dlpi_phdr[i].p_vaddr);
        for (; entry->d_tag != DT_NULL; entry++)
            if (entry->d_tag == DT_TEXTREL || (entry->d_tag == DT_FLAGS && (entry->d_un.d_val & DF_TEXTREL))) return 1;
    }
    return 0;
}

static int release(struct dl_phdr_info *object, size_t size, void *nothing) {
    (void)size, (void)nothing;
    if (has_relocated_code(object)) return 0;
    const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    for (int i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
        if (segment->p_type != PT_LOAD || (segment->p_flags & PF_W)) continue;
        /* Whole pages only: one at an edge may belong to a neighbour that can be written. */
        uintptr_t first = (object->dlpi_addr + segment->p_vaddr + page - 1) & ~(page - 1);
        uintptr_t end = (object->dlpi_addr + segment->p_vaddr + segment->p_filesz) & ~(page - 1);
        /* Advice: where it is refused, the pages stay. */
        if (end > first) madvise((void *)first, end - first, MADV_DONTNEED);
    }
    return 0;
}

void sillon_release_loaded_pages(void) { dl_iterate_phdr(release, NULL); }
