// One piece of code for everything about scheduled meetings, loaded when somebody is signed in.
import '../../i18n/schedule';

export { GuestStart } from './GuestStart';
export { MyMeetings } from './MyMeetings';
export { SchedulePage } from './SchedulePage';
