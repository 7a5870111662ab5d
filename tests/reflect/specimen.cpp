#include "specimen.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <deque>
#include <filesystem>
#include <forward_list>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <variant>
#include <vector>

#include <unistd.h>

int global_number = 42;
const char* global_text = "hello";

namespace specimen {
struct odd {};
}  // namespace specimen

/// As a standard library that nobody knows would have it.
template <>
class std::optional<specimen::odd> {
public:
    char content[48]{};
};

namespace specimen {

enum class color { red = 1, green, blue = 200 };
enum signedness : signed char { minus = -1, plus = 1 };

struct base {
    virtual ~base() = default;
    virtual int virtual_one() const { return 1; }
    int base_id = 11;
};

struct derived : base {
    int virtual_one() const override { return 2; }
    std::string extra = "more";
};

struct left : virtual base {
    int left_id = 21;
};
struct right : virtual base {
    int right_id = 22;
};
struct diamond : left, right {
    int own_id = 23;
};

struct session {
    std::string user;
    int port = 0;
    std::vector<int> history;
};

template <class T, int N>
struct box {
    T content;
    static constexpr int capacity = N;
};

struct flags {
    unsigned ready : 1;
    unsigned kind : 3;
    int offset : 4;
    bool last : 1;
};

struct tagged {
    int which;
    union {
        int number;
        float ratio;
    };
    struct {
        short inner;
    };
};

int twice(int n) { return 2 * n; }

int bump() {
    static int calls = 0;
    return ++calls;
}

struct waiter {
    int number = 31;
    int never_called() const { return number; }  // so that no code is made of it
    int wait(int descriptor) {
        char byte = 0;
        return ::read(descriptor, &byte, 1) == 1 ? number : 0;
    }
};

struct own_hash {
    std::size_t operator()(int n) const { return static_cast<std::size_t>(-n); }
};

struct server {
    static int count;
    inline static double load = 0.5;
    static constexpr int limit = 128;
    struct nested {
        int depth;
    };
    nested inside{3};

    std::string name = "main";
    color tint = color::green;
    signedness sign = minus;
    unsigned char byte = 7;
    char letter = 'x';
    bool open = true;
    double ratio = 2.5;
    float single = 0.5F;
    long long large = -5'000'000'000;
    unsigned long long unsigned_large = 18'000'000'000'000'000'000ULL;
    char label[8] = "label";
    int grid[2][3] = {{1, 2, 3}, {4, 5, 6}};
    int* pointer = &global_number;
    int* null_pointer = nullptr;
    int& reference = global_number;
    const char* text = "plain";
    int (*call)(int) = &twice;
    int server::*member_pointer = nullptr;
    flags bits{1, 5, -3, true};
    tagged both{1, {77}, {9}};

    std::string long_text = "a text that does not fit into the string object itself";
    std::string_view piece = std::string_view{"a view"};
    std::vector<int> numbers{1, 2, 3};
    std::vector<bool> truths{true, false, true};
    std::vector<std::string> words{"one", "two"};
    std::vector<session> sessions;
    std::array<short, 3> three{7, 8, 9};
    std::map<std::string, int> ages{{"ann", 31}, {"bob", 42}};
    std::map<int, std::string> by_number{{1, "one"}, {2, "two"}, {3, "three"}};
    std::multimap<int, char> several{{1, 'a'}, {1, 'b'}};
    std::set<int> chosen{5, 3, 4};
    std::unordered_map<std::string, int> hashed{{"only", 1}};
    std::unordered_map<int, int, own_hash> several_hashes{{1, 1}};
    std::unordered_map<int, session> hashed_sessions;
    std::unordered_set<int> hashed_set{6};
    std::list<int> linked{1, 2, 3};
    std::forward_list<int> forward{4, 5};
    std::deque<int> queue;
    std::pair<int, std::string> pair{1, "first"};
    std::tuple<int, std::string, double> triple{1, "b", 3.0};
    std::tuple<> nothing;
    std::optional<int> some = 5;
    std::optional<std::string> none;
    std::variant<int, std::string> choice = std::string{"chosen"};
    std::function<int(int)> function = twice;
    std::function<int(int)> lambda = [](int n) { return n + 1; };
    std::function<void()> no_function;
    std::atomic<int> counter{8};
    std::atomic<bool> flag{true};
    std::shared_ptr<session> shared = std::make_shared<session>(session{"shared", 1, {}});
    std::weak_ptr<session> weak = shared;
    std::weak_ptr<session> expired;
    std::unique_ptr<base> poly = std::make_unique<derived>();
    std::unique_ptr<session, void (*)(session*)> with_deleter{nullptr, nullptr};
    std::unique_ptr<int> empty_unique;
    base* raw_poly = nullptr;
    std::chrono::milliseconds delay{1500};
    std::chrono::system_clock::time_point started{std::chrono::seconds{86400}};
    std::filesystem::path path = "/var/log";
    box<int, 4> boxed{6};
    diamond many;
    left* virtual_left = &many;
    void* anything = &global_number;
};

int server::count = 3;

server the_server;
thread_local int per_thread = 12;

inline namespace versioned {
int in_version = 14;
}

namespace {
int hidden = 15;
struct secret {
    int code = 99;
};
secret secrets;
}  // namespace

constexpr int constant = 16;
int* const bad_pointer = reinterpret_cast<int*>(0xdeadbeef);
struct dangling {
    int* bad = reinterpret_cast<int*>(0xdeadbeef);
    session* worse = reinterpret_cast<session*>(0x10);
} dangling_pointers;

std::optional<odd> odd_optional;
std::unordered_map<int, int> scattered;
std::unordered_map<std::string, int> scattered_words;

void prepare() {
    auto& s = the_server;
    for (int i = -500; i < 500; ++i) {
        scattered[i * 7] = i * 14;
    }
    for (int i = 0; i < 200; ++i) {
        scattered_words["word " + std::to_string(i)] = i;
    }
    s.sessions = {{"ann", 1, {1, 2}}, {"bob", 2, {}}};
    s.hashed_sessions[7] = {"seven", 7, {}};
    for (int i = 0; i < 300; ++i) {
        s.queue.push_back(i);
    }
    for (int i = 0; i < 5; ++i) {
        s.queue.pop_front();
    }
    s.raw_poly = s.poly.get();
    s.with_deleter = {new session{"deleted", 3, {}}, [](session* one) { delete one; }};
    s.expired = std::make_shared<session>();
    s.many.base_id = 24;
    hidden += bump() - 1;
    secrets.code += s.call(0) + *s.pointer - constant - global_number + constant;
    per_thread += static_cast<int>(s.piece.size()) - 6;
    in_version += s.count - 3;
    server::load += s.single - 0.5;
}


void wait_in_member(int descriptor) {
    waiter local;
    local.wait(descriptor);
}

}  // namespace specimen
