// Memory for handlers that cannot fail to be posted.
#pragma once

#include <cstddef>
#include <new>
#include <utility>

namespace backdoor {

/// Room for one handler at a time, kept by whoever posts it. A second one, or a larger, goes to the
/// heap.
template <std::size_t Size>
class handler_slot {
public:
    void* take(std::size_t size) {
        if (size > Size || std::exchange(taken_, true)) {
            return ::operator new(size);
        }
        return memory_;
    }
    void give_back(void* memory) {
        if (memory == memory_) {
            taken_ = false;
        } else {
            ::operator delete(memory);
        }
    }

private:
    alignas(std::max_align_t) std::byte memory_[Size];
    bool taken_ = false;
};

template <class T, std::size_t Size>
class slot_allocator {
public:
    using value_type = T;
    template <class U>
    struct rebind {
        using other = slot_allocator<U, Size>;
    };

    explicit slot_allocator(handler_slot<Size>& slot) : slot_{&slot} {}
    template <class U>
    slot_allocator(const slot_allocator<U, Size>& other) : slot_{&other.slot()} {}

    T* allocate(std::size_t count) { return static_cast<T*>(slot_->take(count * sizeof(T))); }
    void deallocate(T* memory, std::size_t) { slot_->give_back(memory); }

    handler_slot<Size>& slot() const { return *slot_; }
    template <class U>
    bool operator==(const slot_allocator<U, Size>& other) const {
        return slot_ == &other.slot();
    }

private:
    handler_slot<Size>* slot_;
};

/// A handler for Asio in such a slot, which must stay there until it is called or dropped.
template <std::size_t Size, class Handler>
class slot_handler {
public:
    using allocator_type = slot_allocator<std::byte, Size>;

    slot_handler(handler_slot<Size>& slot, Handler handler)
        : slot_{&slot}, handler_{std::move(handler)} {}

    allocator_type get_allocator() const noexcept { return allocator_type{*slot_}; }

    template <class... Args>
    void operator()(Args&&... args) {
        handler_(std::forward<Args>(args)...);
    }

private:
    handler_slot<Size>* slot_;
    Handler handler_;
};

/// Of a handler that is posted, and of one that waits for a descriptor or a timer.
using post_slot = handler_slot<128>;
using wait_slot = handler_slot<384>;

}  // namespace backdoor
