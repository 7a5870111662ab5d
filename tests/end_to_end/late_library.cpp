// Loaded and unloaded by a test, while consoles look at the program.
namespace late {

struct guest {
    int number = 5;
};
guest the_guest;
int counter = 9;

}  // namespace late

extern "C" int late_count() { return ++late::counter + late::the_guest.number; }
